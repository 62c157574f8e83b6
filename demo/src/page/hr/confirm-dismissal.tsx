// Asks before somebody is dismissed. What is at hand first is to keep: Escape and Enter both do.

import { useEffect, useRef } from 'preact/hooks'

interface ConfirmDismissalProps {
  readonly name: string
  readonly onAnswer: (isSure: boolean) => void
}

export function ConfirmDismissal({ name, onAnswer }: ConfirmDismissalProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    dialog.current?.showModal()
  }, [])
  return (
    <dialog
      ref={dialog}
      class="hr-confirm"
      aria-labelledby="hr-confirm-title"
      onClose={() => {
        onAnswer(false)
      }}
    >
      <h3 id="hr-confirm-title">Dismiss {name}?</h3>
      <p>
        An open screen locks at once. Badge, PIN and staff number end for good. This cannot be taken
        back: {name} can only be hired again, with a new badge.
      </p>
      <div class="hr-acts">
        <button
          type="button"
          class="hr-act"
          data-testid="hr-keep"
          onClick={() => {
            onAnswer(false)
          }}
        >
          Keep {name}
        </button>
        <button
          type="button"
          class="hr-act hr-grave"
          data-testid="hr-sure"
          onClick={() => {
            onAnswer(true)
          }}
        >
          Dismiss for good
        </button>
      </div>
    </dialog>
  )
}
