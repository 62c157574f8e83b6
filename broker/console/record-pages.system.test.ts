// The pages of what the house holds to and keeps, in a real browser against invented answers: keys,
// retention, legal holds and wrong locks, in both colours and sizes by axe, by keys, and what they
// refuse.

import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ConsoleBrowser, chromiumPath, flawsOf, looks } from './kit/console-browser.ts'
import type { View } from './kit/console-browser.ts'
import type { ConsoleKit } from './kit/console-server.ts'
import { idOf, personIdOf, workstationIdOf } from './kit/invented-hospital.ts'

const views: readonly View[] = [
  ['keys', 'keys'],
  ['keys-wrong', 'keys?filter=state~soon'],
  ['key-next', `keys?open=authority~the-next-one~${'d4'.repeat(8)}`],
  ['retention', 'retention'],
  ['retention-next', 'retention?show=next'],
  ['retention-rules', 'retention?show=rules'],
  ['retention-rule', 'retention?show=rules&open=4'],
  ['retention-purges', 'retention?show=purges'],
  ['retention-purge', 'retention?show=purges&open=9'],
  ['holds', 'retention?show=holds'],
  ['hold', `retention?show=holds&open=${idOf(10, 1)}`],
  ['hold-new', 'retention?show=holds&open=new'],
  ['wrong-locks', 'speed?show=locks'],
  ['forgotten', 'retention?show=forgotten'],
  ['forgotten-one', `retention?show=forgotten&open=${idOf(11, 2)}`],
]

describe.skipIf(chromiumPath === undefined)('pages of rules and record', () => {
  let at: ConsoleBrowser
  let kit: ConsoleKit

  beforeAll(async () => {
    at = await ConsoleBrowser.launch()
  })
  afterAll(() => at.close())
  beforeEach(async () => {
    kit = await at.begin()
  })
  afterEach(async () => {
    await at.end()
    expect(at.complaints).toEqual([])
  })

  const textOfFile = async (page: Page, button: string): Promise<string> => {
    const [download] = await Promise.all([page.waitForEvent('download'), page.click(button)])
    return readFileSync(await download.path(), 'utf8')
  }

  it.each(looks)(
    'have no axe violation, $scheme at $width',
    async (look) => {
      expect(await at.flawsByView(look, views)).toEqual({})
    },
    240_000,
  )

  it('lose no column of a table on a desk: all of them fit its room', async () => {
    const page = await at.open('')
    const hidden: Record<string, number> = {}
    for (const path of ['speed', 'speed?show=figures', ...views.map(([, viewed]) => viewed)]) {
      await at.go(page, path)
      const rooms = page.locator('.wk-table-room').first()
      if ((await rooms.count()) === 0) continue
      const over = await rooms.evaluate((room) => room.scrollWidth - room.clientWidth)
      if (over > 0) hidden[path] = over
    }
    expect(hidden).toEqual({})
  })

  describe('keys', () => {
    it('say how many need a hand, and of one what is wrong and what to do, by keys alone', async () => {
      const page = await at.open('keys')
      await page.waitForSelector('strong:text-is("2 need a hand.")')
      await page.locator('.wk-row-open:has-text("the present one")').focus()
      await page.keyboard.press('Enter')
      await page.waitForSelector('.wk-panel h2:has-text("Workstation authority"):focus')
      await page.waitForSelector('.wk-panel >> text=nothing takes its place by itself')
      await page.waitForSelector(`.wk-panel >> text=${'c7'.repeat(32)}`)
      expect(await flawsOf(page)).toEqual([])
      const link = page.url()
      await page.keyboard.press('Escape')
      await page.waitForSelector('.wk-panel', { state: 'detached' })
      await page.goto(link)
      await page.waitForSelector('.wk-panel h2:has-text("Workstation authority")')
    })

    it('name the command that changes one, and change nothing themselves', async () => {
      const page = await at.open('keys')
      await page.click('.wk-row-open:has-text("Record signing") >> nth=0')
      await page.waitForSelector('.wk-panel code:text-is("wardkey-broker keys rotate record")')
      expect(await page.locator('main .wk-act').count()).toBe(0)
      expect(kit.acts).toEqual([])
    })

    it('go into a file whole, with their ids', async () => {
      const page = await at.open('keys')
      const text = await textOfFile(page, 'text=/CSV of \\d+ rows/')
      expect(text).toContain('c7'.repeat(32))
      expect(text).toContain('wardkey-broker keys rotate record')
    })

    it('are not shown to whoever may not, and say so where there are none or no broker', async () => {
      kit.turn.roles = ['privacy', 'manager', 'service-desk']
      const page = await at.open('keys')
      await page.waitForSelector('text=It is for compliance, it or administrator.')
      expect(await page.locator('nav >> text=Keys').count()).toBe(0)
      kit.turn.roles = ['it']
      kit.turn.isEmpty = true
      await at.go(page, 'keys')
      await page.waitForSelector('.wk-empty >> text=wardkey-broker keys check')
      kit.turn.isDown = true
      await at.go(page, 'keys')
      await page.waitForSelector('.wk-trouble >> text=not-ready')
    })
  })

  describe('retention', () => {
    it('says how long each class is kept, and what goes next by the rule in force', async () => {
      const page = await at.open('retention')
      await page.waitForSelector('text=Rule 3 is in force; 1 proposal to decide.')
      await page.waitForSelector('tr:has-text("presence") >> text=366 days (1 year)')
      await page.focus('button:has-text("What goes next")')
      await page.keyboard.press('Enter')
      await page.waitForSelector('td:has-text("more than 5436")')
      expect(await page.getByLabel('By which rule').inputValue()).toBe('3')
      await page.getByLabel('By which rule').selectOption('4')
      await page.waitForSelector('text=nothing goes by it until somebody else has approved it')
      expect(new URL(page.url()).search).toBe('?show=next&rule=4')
      expect(await textOfFile(page, 'text=CSV of 4 rows')).toContain('more than 5436')
    })

    it('has a proposal wait in the open, and names the commands that decide it', async () => {
      const page = await at.open('retention?show=rules')
      await page.focus('.wk-row-open')
      await page.keyboard.press('Enter')
      await page.waitForSelector('.wk-panel h2:has-text("Rule 4"):focus')
      await page.waitForSelector('.wk-panel >> text=wardkey-broker retention approve 4')
      expect(await page.locator('main .wk-act').count()).toBe(0)
      await page.click('.wk-panel >> text=What would go by it')
      await page.waitForURL('**/retention?show=next&rule=4')
      expect(kit.acts).toEqual([])
    })

    it('shows what went, and gives the list of one as a file, with nobody in it', async () => {
      const page = await at.open('retention?show=purges&open=9')
      await page.waitForSelector('.wk-gone >> text=8 facts')
      const text = await textOfFile(page, 'text=CSV of 24 facts')
      expect(text.split('\r\n')).toHaveLength(26)
      expect(text).toMatch(/^\uFEFFFact,Code,Recorded\r\n8100,[A-Z]{3}-\d{3},20/)
      await at.go(page, 'retention?show=purges&open=99')
      await page.waitForSelector('.wk-trouble >> text=not-found')
    })

    it('shouts where it has stopped, and says which two commands put it right', async () => {
      kit.turn.retention = { isStopped: true, hasNoRule: false }
      const page = await at.open('retention')
      await page.waitForSelector('[role=alert] >> text=nothing goes')
      await page.waitForSelector('[role=alert] >> text=--clock-is-right')
      expect(await flawsOf(page)).toEqual([])
    })

    it('teaches where nobody has agreed yet, and where nothing went', async () => {
      kit.turn.retention = { isStopped: false, hasNoRule: true }
      const page = await at.open('retention')
      await page.waitForSelector('text=Nothing goes: no rule is in force; nothing waits.')
      await page.waitForSelector('tr:has-text("presence") >> text=for ever')
      for (const show of ['next', 'rules']) {
        await at.go(page, `retention?show=${show}`)
        await page.waitForSelector('.wk-empty >> text=wardkey-broker retention propose')
      }
      await at.go(page, 'retention?show=purges')
      await page.waitForSelector('.wk-empty >> text=Nothing went yet')
      kit.turn.isEmpty = true
      await at.go(page, 'retention?show=forgotten')
      await page.waitForSelector('.wk-empty >> text=wardkey-broker forget ask')
    })

    it('gives the certificate of whom it forgot, and of nobody else', async () => {
      const page = await at.open(`retention?show=forgotten&open=${idOf(11, 2)}`)
      const text = await textOfFile(page, 'text=Download the certificate')
      expect(text).toBe('A certificate that nobody was given.\n')
      await at.go(page, `retention?show=forgotten&open=${idOf(11, 1)}`)
      await page.waitForSelector(`.wk-panel >> text=wardkey-broker forget approve`)
      expect(await page.locator('text=Download the certificate').count()).toBe(0)
    })

    it('is for whoever reads the record, and says so where the broker is away', async () => {
      kit.turn.roles = ['administrator', 'it', 'service-desk', 'manager']
      const page = await at.open('retention?show=holds')
      await page.waitForSelector('text=It is for compliance or privacy.')
      expect(await page.locator('nav >> text=Retention').count()).toBe(0)
      kit.turn.roles = ['privacy']
      kit.turn.isDown = true
      for (const show of ['classes', 'purges', 'holds', 'forgotten']) {
        await at.go(page, `retention?show=${show}`)
        await page.waitForSelector('.wk-trouble >> text=not-ready')
      }
    })
  })

  describe('a legal hold', () => {
    it('is placed by keys alone, on whom, where and when it is about, and not without a reason', async () => {
      const page = await at.open('retention?show=holds')
      await page.focus('text=Place a legal hold')
      await page.keyboard.press('Enter')
      await page.waitForSelector('.wk-panel h2:focus')
      const place = page.locator('.wk-panel .wk-act > button')
      expect(await place.isDisabled()).toBe(true)
      await page.getByLabel('Whom it is about').selectOption('one')
      await page.getByLabel('Who', { exact: true }).fill('Rosa Testcase 0')
      await page.locator('.wk-panel button:has-text("Rosa Testcase 0")').focus()
      await page.keyboard.press('Enter')
      await page.getByLabel('Where').selectOption(workstationIdOf(1))
      await page.getByLabel('From').fill('2026-05-04T08:00')
      await page.getByLabel('Until').fill('2026-05-03T08:00')
      await page.getByLabel('Why, in one line').fill('  case 4711  ')
      await page.waitForSelector('text=It ends before it begins')
      expect(await place.isDisabled()).toBe(true)
      await page.getByLabel('Until').fill('2026-05-05T08:00')
      await place.focus()
      await page.keyboard.press('Enter')
      await page.waitForSelector('dialog >> text=Keep everything about Rosa Testcase 0')
      expect(kit.acts).toEqual([])
      await page.keyboard.press('Tab')
      await page.keyboard.press('Enter')
      await page.waitForSelector('text=It holds')
      const [act] = kit.acts
      expect(act).toMatchObject({
        what: 'POST /admin/v1/holds',
        body: {
          ...{ personId: personIdOf(0), workstationId: workstationIdOf(1), reason: 'case 4711' },
          fromMs: expect.any(Number) as number,
        },
      })
      const { fromMs, untilMs } = act?.body as { fromMs: number; untilMs: number }
      expect(untilMs - fromMs).toBe(86_400_000)
    })

    it('is placed on everybody with a reason alone', async () => {
      const page = await at.open('retention?show=holds&open=new')
      await page.getByLabel('Why, in one line').fill('inquiry')
      await page.click('.wk-panel .wk-act > button')
      await page.click('dialog >> button:has-text("Place the hold")')
      await expect.poll(() => kit.acts.length).toBe(1)
      expect(kit.acts).toMatchObject([{ body: { reason: 'inquiry' } }])
      expect(Object.keys(kit.acts[0]?.body as object)).toEqual(['reason'])
    })

    it('is lifted by somebody else than who asked, after one more question', async () => {
      const page = await at.open(`retention?show=holds&open=${idOf(10, 1)}`)
      await page.click('.wk-panel .wk-act > button:has-text("Lift this hold")')
      await page.waitForSelector('dialog >> text=cannot be brought back')
      expect(kit.acts).toEqual([])
      await page.click('dialog >> button:has-text("Lift this hold")')
      await page.waitForSelector('dd:text-is("lifted")')
      expect(kit.acts).toMatchObject([{ what: `POST /admin/v1/holds/${idOf(10, 1)}/lift` }])
    })

    it('is not lifted by who asked for its end', async () => {
      const page = await at.open(`retention?show=holds&open=${idOf(10, 3)}`)
      await page.click('.wk-panel .wk-act > button:has-text("Ask for its end")')
      await page.click('dialog >> button:has-text("Ask for its end")')
      await page.waitForSelector('text=You asked for its end: somebody else lifts it.')
      expect(await page.locator('.wk-panel .wk-act').count()).toBe(0)
      expect(kit.acts).toMatchObject([{ what: `POST /admin/v1/holds/${idOf(10, 3)}/ask-lift` }])
    })

    it('is ended neither by privacy, nor by whom it is about', async () => {
      kit.turn.roles = ['privacy']
      const page = await at.open(`retention?show=holds&open=${idOf(10, 1)}`)
      await page.waitForSelector('text=Somebody of compliance who did not ask for it may lift it.')
      expect(await page.locator('.wk-panel .wk-act').count()).toBe(0)
      kit.turn.roles = ['compliance']
      await at.go(page, `retention?show=holds&open=${idOf(10, 4)}`)
      await page.waitForSelector('text=It is about you: others decide when it ends.')
      expect(await page.locator('.wk-panel .wk-act').count()).toBe(0)
    })

    it('whose end waits stands as a number beside its page, and not hers', async () => {
      const page = await at.open('')
      await page.waitForSelector('nav a:has-text("Retention") .wk-count:has-text("1")')
      kit.turn.roles = ['privacy']
      await at.go(page, '')
      await page.waitForSelector('nav a:has-text("Retention")')
      expect(await page.locator('nav a:has-text("Retention") .wk-count').count()).toBe(0)
    })
  })

  describe('locks that were said to be wrong', () => {
    it('stand by zone beside its waits, the most of them first, and go into a file', async () => {
      const page = await at.open('policy?show=zones')
      await page.focus('text=Do the waits fit?')
      await page.keyboard.press('Enter')
      await page.waitForSelector('h1:text-is("Do the waits fit?")')
      await page.waitForSelector('text=74 locks of 3104 said to be wrong, most of them in 4 West.')
      const first = page.locator('tbody tr').first()
      expect(await first.locator('td').allTextContents()).toEqual([
        ...['4 West', expect.stringMatching(/^idle/), '61', '412', '15'],
        ...['300', '15', '600', '5'],
      ])
      await page.waitForSelector('td:has-text("nothing locked in this time")')
      const text = await textOfFile(page, 'text=/CSV of \\d+ rows/')
      expect(text).toContain('4 West,idle,61,412,15,300,15,600,5')
    })

    it('are asked for in the time that the address names, and no answer is said to be none', async () => {
      const page = await at.open('speed')
      const asked = page.waitForRequest(/\/admin\/v1\/locks/)
      await at.go(page, 'speed?show=locks&from=2026-11-20T00:00Z&to=2026-11-21T00:00Z')
      const { searchParams } = new URL((await asked).url())
      expect(Number(searchParams.get('toMs')) - Number(searchParams.get('fromMs'))).toBe(86_400_000)
      kit.turn.isDown = true
      await at.go(page, 'speed?show=locks')
      await page.waitForSelector('.wk-trouble >> text=not-ready')
    })

    it('teach where there is no zone, and are kept from whoever sees no workstations', async () => {
      kit.turn.isEmpty = true
      const page = await at.open('speed?show=locks')
      await page.waitForSelector('.wk-empty >> text=No zone yet')
      kit.turn.isEmpty = false
      kit.turn.roles = []
      await at.go(page, 'speed?show=locks')
      await page.waitForSelector('text=Your account may not see this page.')
    })
  })

  describe('the rail', () => {
    it('has them in a group of their own, which is reached by keys and fits the window', async () => {
      const page = await at.open('')
      const group = page.getByRole('list', { name: 'Rules & record' })
      expect(await group.getByRole('link').allTextContents()).toEqual(
        expect.arrayContaining(['Keys']) as string[],
      )
      await group.getByRole('link', { name: 'Keys' }).focus()
      await page.keyboard.press('Enter')
      await page.waitForSelector('h1:has-text("Which key changes when?"):focus')
      const hidden = await page.evaluate<number>(
        "(({ scrollHeight, clientHeight }) => scrollHeight - clientHeight)(document.querySelector('.wk-rail'))",
      )
      expect(hidden).toBeLessThanOrEqual(0)
    })

    it('has nothing to scroll for whoever has many pages, on a small desk', async () => {
      kit.turn.roles = ['compliance', 'administrator', 'it', 'privacy']
      const page = await at.open('')
      await page.waitForSelector('nav a:has-text("Keys")')
      const box = await page.locator('text=Sign out').boundingBox()
      expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(800)
    })

    it('finds a badge by its last digits from the command bar, by keys alone', async () => {
      const page = await at.open('')
      const addresses: string[] = []
      page.on('request', (request) => addresses.push(request.url()))
      await page.keyboard.press('Control+k')
      await page.keyboard.type('0001')
      await page.waitForSelector('[role=option]:has-text("Look for a badge that ends in …0001")')
      expect(kit.acts).toEqual([])
      await page.keyboard.press('Enter')
      await page.waitForSelector('[role=option]:has-text("Badge …0001 of Rosa Testcase 0")')
      expect(await flawsOf(page)).toEqual([])
      expect(kit.acts).toMatchObject([
        { what: 'POST /admin/v1/badges/find', body: { ends: '0001' } },
      ])
      await page.keyboard.press('Enter')
      await page.waitForSelector('.wk-panel h2:has-text("Rosa Testcase 0")')
      expect(new URL(page.url()).search).toBe(`?open=${personIdOf(0)}`)
      expect(addresses.filter((address) => address.includes('ends'))).toEqual([])
    })

    it('says where no badge ends so, and looks for none where she may not', async () => {
      const page = await at.open('')
      await page.keyboard.press('Control+k')
      await page.keyboard.type('9999')
      await page.keyboard.press('Enter')
      await page.waitForSelector('text=No badge ends in …9999. Look at the card again.')
      await page.keyboard.type('0')
      await page.waitForSelector('[role=option]:has-text("Look for a badge that ends in …9990")')
      kit.turn.roles = ['privacy', 'manager']
      await at.go(page, '')
      await page.keyboard.press('Control+k')
      await page.keyboard.type('0001')
      await page.waitForSelector('text=Nothing here has that name.')
      expect(await page.locator('[role=option]:has-text("badge")').count()).toBe(0)
    })

    it('is known to the command bar, tabs and all', async () => {
      const page = await at.open('')
      await page.keyboard.press('Control+k')
      await page.keyboard.type('keys')
      await page.keyboard.press('Enter')
      await page.waitForURL('**/keys')
      await page.keyboard.press('Control+k')
      await page.keyboard.type('evidence')
      await page.keyboard.press('Enter')
      await page.waitForURL('**/policy?show=evidence')
    })
  })
})
