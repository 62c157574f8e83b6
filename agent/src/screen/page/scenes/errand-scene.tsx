// One step of what is done about a badge or a PIN: whose turn it is, and what to do. Digits are
// held by the pad alone; a new PIN is typed twice here, and leaves the page once.

import { useState } from 'preact/hooks'
import type { ErrandAnswer } from '@wardkey/protocol/workstation/agent-frames'
import type { ErrandFlaw } from '@wardkey/protocol/workstation/errands'
import { pinFlaw } from '@wardkey/protocol/workstation/pin-rules'
import { BadgeMark } from '../badge-mark.tsx'
import { secondsOf, useLeftMs } from '../page-time.ts'
import { NumberEntry } from '../number-entry.tsx'
import { PinPad } from '../pin-pad.tsx'
import { useKeys } from '../use-keys.ts'
import type { SceneOf, SceneProps } from './scene-props.ts'

type Props = SceneProps<SceneOf<'errand'>>
interface StepProps extends Props {
  readonly answer: (given: Exclude<ErrandAnswer, { by: 'card' }>) => void
  readonly cancel: () => void
}

export function ErrandScene(props: Props) {
  const { scene, act, catalogue } = props
  const cancel = (): void => {
    act({ kind: 'errand-cancelled' })
  }
  const answer: StepProps['answer'] = (given) => {
    act({ kind: 'errand-answered', tapId: scene.tapId, answer: given })
  }
  const step = { ...props, answer, cancel }
  if (scene.isAsking || scene.step === undefined) {
    return (
      <div role="status">
        <BadgeMark isSeen={true} />
        <h1>{catalogue.errands.oneMoment}</h1>
        <p class="quiet">{catalogue.errands.titles[scene.errand]}</p>
      </div>
    )
  }
  switch (scene.step) {
    case 'badge':
    case 'witness-badge':
      return <BadgeStep {...step} />
    case 'sign-in':
      return <SignInStep {...step} />
    case 'number':
      return <NumberStep {...step} />
    case 'confirm':
      return scene.byBadge ? <ConfirmByBadgeStep {...step} /> : <ConfirmStep {...step} />
    case 'witness-pin':
    case 'pin':
      return <PinStep key={`${scene.step}${String(scene.triesLeft)}`} {...step} />
    case 'new-pin':
      return <NewPinStep key={scene.flaw ?? ''} {...step} />
  }
}

function BadgeStep({ catalogue, scene, answer, cancel }: StepProps) {
  const leftMs = useLeftMs(scene.leftMs)
  const { errands } = catalogue
  useKeys({ Escape: cancel })
  const isOwn = scene.step === 'badge'
  const title = isOwn ? catalogue.tapYourBadge : errands.witnessTap(scene.isSecond)
  const again = isOwn ? errands.badgeWillNotDo : errands.witnessWillNotDo
  const why = scene.flaw === undefined ? again : errands.flaws[scene.flaw]
  return (
    <div>
      <div role="status">
        <BadgeMark />
        <h1>{title}</h1>
        {scene.again && <p class="lead wrong">{why}.</p>}
        {isOwn && !scene.again && <p class="lead">{errands.titles[scene.errand]}.</p>}
        {!isOwn && <p>{errands.speaksFor(errands.titles[scene.errand])}.</p>}
      </div>
      <p class="foot-line">
        {scene.offersAccount && (
          <button
            type="button"
            class="main-choice"
            data-testid="sign-in"
            onClick={() => {
              answer({ by: 'sign-in' })
            }}
          >
            {errands.signInInstead}
          </button>
        )}
        <button type="button" onClick={cancel}>
          {catalogue.back}
        </button>
        <span class="quiet">{catalogue.closesIn(secondsOf(leftMs))}.</span>
      </p>
    </div>
  )
}

/** Behind the page that is open: seen while it loads, and where somebody moved it away. */
function SignInStep({ catalogue, scene, answer }: StepProps) {
  const leftMs = useLeftMs(scene.leftMs)
  const { errands } = catalogue
  const back = (): void => {
    answer({ by: 'sign-in-ended' })
  }
  useKeys({ Escape: back })
  return (
    <div>
      <div role="status">
        <h1>{errands.signInOpen}</h1>
        <p class="lead">{errands.signInLead}.</p>
      </div>
      <p class="choices">
        <button type="button" data-testid="sign-in-back" onClick={back}>
          {catalogue.back}
        </button>
      </p>
      <p class="quiet">{catalogue.closesIn(secondsOf(leftMs))}.</p>
    </div>
  )
}

function NumberStep({ catalogue, scene, answer, cancel }: StepProps) {
  return (
    <NumberEntry
      catalogue={catalogue}
      title={catalogue.errands.typeNumber(scene.errand === 'lost')}
      lead={
        scene.again ? catalogue.errands.numberIsNobodys : catalogue.errands.titles[scene.errand]
      }
      isWrong={scene.again}
      leftMs={scene.leftMs}
      onNumber={(staffNumber) => {
        answer({ by: 'staff-number', staffNumber })
      }}
      onCancel={cancel}
    />
  )
}

/** The name is the one large thing: the wrong one must be seen before it counts. */
function ConfirmStep({ catalogue, scene, answer, cancel }: StepProps) {
  const leftMs = useLeftMs(scene.leftMs)
  useKeys({ Escape: cancel })
  return (
    <div>
      <div role="status">
        <h1>{catalogue.errands.isItYou(scene.name)}</h1>
        <p class="lead">{catalogue.errands.lookAtName}.</p>
      </div>
      <p class="choices choices-large">
        <button
          type="button"
          class="main-choice"
          data-testid="confirm"
          onClick={() => {
            answer({ by: 'yes' })
          }}
        >
          {catalogue.errands.yesItIs}
        </button>
        <button type="button" onClick={cancel}>
          {catalogue.notMe}
        </button>
      </p>
      <p class="quiet">{catalogue.closesIn(secondsOf(leftMs))}.</p>
    </div>
  )
}

/** The colleague who speaks for her says it, or she, with a badge: to press there is only no. */
function ConfirmByBadgeStep({ catalogue, scene, cancel }: StepProps) {
  const leftMs = useLeftMs(scene.leftMs)
  const { errands } = catalogue
  const isOwn = scene.byBadge === 'own'
  const asked = isOwn ? errands.tapYoursToConfirm : errands.tapToConfirm
  useKeys({ Escape: cancel })
  return (
    <div>
      <div role="status">
        <BadgeMark />
        <h1>{isOwn ? errands.isItYou(scene.name) : errands.isIt(scene.name)}</h1>
        <p class={scene.again ? 'lead wrong' : 'lead'}>
          {scene.again ? errands.confirmedByAnother : asked}.
        </p>
      </div>
      <p class="choices">
        <button type="button" onClick={cancel}>
          {isOwn ? catalogue.notMe : errands.noItIsNot}
        </button>
      </p>
      <p class="quiet">{catalogue.closesIn(secondsOf(leftMs))}.</p>
    </div>
  )
}

function PinStep({ catalogue, scene, answer, cancel }: StepProps) {
  const { errands } = catalogue
  const isWitness = scene.step === 'witness-pin'
  const title = isWitness ? errands.witnessPin(scene.name) : catalogue.enterPin
  const about = errands.titles[scene.errand]
  return (
    <div class="pin">
      <div class="pin-words" role="status">
        <h1>{title}</h1>
        <p class={scene.again ? 'lead wrong' : 'lead'}>
          {scene.again ? catalogue.pinAgain : about}.
        </p>
        {isWitness && <p>{errands.speaksFor(about)}.</p>}
        {scene.triesLeft !== undefined && <p>{catalogue.triesLeft(scene.triesLeft)}.</p>}
      </div>
      <PinPad
        catalogue={catalogue}
        digitsMin={scene.digitsMin}
        digitsMax={scene.digitsMax}
        onPin={(pin) => {
          answer({ by: 'pin', pin })
        }}
        onCancel={cancel}
      />
      <BackChoice label={catalogue.back} onBack={cancel} />
    </div>
  )
}

function NewPinStep({ catalogue, scene, answer, cancel }: StepProps) {
  const { errands } = catalogue
  /** What was typed first, until it was typed twice. */
  const [first, setFirst] = useState<string>()
  /** What was wrong with what was typed here, and how often something was: each time a new pad. */
  const [wrong, setWrong] = useState<ErrandFlaw | 'not-the-same'>()
  const [wrongs, setWrongs] = useState(0)
  const refuse = (what: typeof wrong): void => {
    setWrong(what)
    setWrongs(wrongs + 1)
    setFirst(undefined)
  }
  const onPin = (pin: string): void => {
    const flaw = pinFlaw(pin, scene.digitsMin, scene.digitsMax, [])
    // Nobody types twice what will not do.
    if (flaw) refuse(flaw === 'length' ? 'pin-length' : 'pin-guessable')
    else if (first === undefined) setFirst(pin)
    else if (first === pin) answer({ by: 'new-pin', pin })
    else refuse('not-the-same')
  }
  const flaw = wrong ?? scene.flaw
  const why = flaw && (flaw === 'not-the-same' ? errands.notTheSame : errands.flaws[flaw])
  const isWrong = first === undefined && why !== undefined
  return (
    <div class="pin">
      <div class="pin-words" role="status">
        <h1>{first === undefined ? errands.choosePin : errands.pinOnceMore}</h1>
        <p class={isWrong ? 'lead wrong' : 'lead'}>
          {isWrong ? why : errands.pinAdvice(scene.digitsMin)}.
        </p>
      </div>
      <PinPad
        catalogue={catalogue}
        // The second time is a new pad: no digit of the first is left in it.
        key={`${String(first === undefined)} ${String(wrongs)}`}
        digitsMin={scene.digitsMin}
        digitsMax={scene.digitsMax}
        onPin={onPin}
        onCancel={cancel}
      />
      <BackChoice label={catalogue.back} onBack={cancel} />
    </div>
  )
}

function BackChoice({ label, onBack }: { readonly label: string; readonly onBack: () => void }) {
  return (
    <p class="choices">
      <button type="button" onClick={onBack}>
        {label}
      </button>
    </p>
  )
}
