// How the workstation is, in words, only when there is something to say. Quiet, but never silent.

import type { Surroundings } from '../../machine/screen-view.ts'
import type { Advice, Catalogue } from './catalogue/catalogue.ts'
import { timeOfDay } from './clock.tsx'
import { pastOrNone } from './page-time.ts'

interface StatusProps {
  readonly catalogue: Catalogue
  readonly surroundings: Surroundings
  /** True where the scene itself already says large what is in the way. */
  readonly isObstacleSaid: boolean
}

interface Condition extends Advice {
  /** Nobody can sign in while it lasts; the others only change what works. */
  readonly isInTheWay: boolean
}

export function Status({ catalogue, surroundings, isObstacleSaid }: StatusProps) {
  const said = isObstacleSaid ? obstacleOf(catalogue, surroundings) : undefined
  const conditions = conditionsOf(catalogue, surroundings).filter(({ what }) => what !== said?.what)
  return (
    <div class="status" aria-live="polite" data-testid="status">
      {conditions.map(({ what, next, isInTheWay }) => (
        <p class={isInTheWay ? 'condition trouble' : 'condition'} key={what}>
          {isInTheWay ? <TroubleMark /> : <AloneMark />}
          <span>
            <strong>{what}.</strong> {next}.
          </span>
        </p>
      ))}
      {surroundings.serviceDesk !== '' && (
        <p class="desk">{catalogue.callServiceDesk(surroundings.serviceDesk)}</p>
      )}
    </div>
  )
}

/** The worst of what keeps people from signing in here. */
export function obstacleOf(catalogue: Catalogue, surroundings: Surroundings): Advice | undefined {
  return conditionsOf(catalogue, surroundings).find(({ isInTheWay }) => isInTheWay)
}

function TroubleMark() {
  return (
    <svg class="condition-mark" viewBox="0 0 24 24" aria-hidden="true">
      <path d="M12 3 22 20H2Z" />
      <path class="cut" d="M12 9v5m0 2.6v.4" />
    </svg>
  )
}

function AloneMark() {
  return (
    <svg class="condition-mark" viewBox="0 0 24 24" aria-hidden="true">
      <circle cx="12" cy="12" r="9" />
      <path class="cut" d="M12 7v.4m0 3.6v6" />
    </svg>
  )
}

/** Everything that is not as it should be, the worst first. */
function conditionsOf(catalogue: Catalogue, surroundings: Surroundings): readonly Condition[] {
  const { link, reader, browser, isAlone } = surroundings
  const troubles: Advice[] = []
  if (link !== 'up' && !isAlone) troubles.push(linkTrouble(catalogue, surroundings, link))
  if (reader !== 'ready') troubles.push(catalogue.reader[reader])
  if (browser !== 'ready') troubles.push(catalogue.browser[browser])
  const alone = link !== 'up' && isAlone ? [catalogue.alone(sinceOf(surroundings))] : []
  return [
    ...troubles.map((advice) => ({ ...advice, isInTheWay: true })),
    ...alone.map((advice) => ({ ...advice, isInTheWay: false })),
  ]
}

function linkTrouble(
  catalogue: Catalogue,
  surroundings: Surroundings,
  link: Exclude<Surroundings['link'], 'up'>,
): Advice {
  const since = sinceOf(surroundings)
  const advice = catalogue.link[link]
  if (link !== 'down' || since === undefined) return advice
  return { ...advice, what: catalogue.linkDownSince(since) }
}

function sinceOf({ linkDownSinceMs }: Surroundings): string | undefined {
  const sinceMs = pastOrNone(linkDownSinceMs, Date.now())
  return sinceMs === undefined ? undefined : timeOfDay(new Date(sinceMs))
}
