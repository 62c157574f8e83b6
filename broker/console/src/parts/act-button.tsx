// A button that changes something: it says what will happen and to how many, asks once more, and
// says afterwards what came of it. All tries of one opening are one act.

import { useEffect, useId, useRef, useState } from 'react'
import type { ReactNode } from 'react'
import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Pass } from '../api/acts.ts'
import { useSession } from './shell/session.tsx'
import { Trouble } from './trouble.tsx'

interface Props<Done> {
  /** What happens, and to how many: `Lock 14 workstations`. */
  readonly label: string
  readonly question: string
  /** What it does, and how it is undone. */
  readonly children: ReactNode
  readonly act: (pass: Pass) => Promise<Done>
  readonly said: (done: Done) => string
  readonly isGrave?: boolean
  readonly isSmall?: boolean
  readonly disabled?: boolean
}

export function ActButton<Done>(props: Props<Done>) {
  const [isOpen, setOpen] = useState(false)
  const [said, setSaid] = useState('')
  const { label, isGrave = false, isSmall = false, disabled = false } = props
  return (
    <span className="wk-act">
      <Button
        size={isSmall ? 'compact-sm' : 'sm'}
        variant="default"
        disabled={disabled}
        className={isGrave ? 'wk-grave' : ''}
        onClick={() => {
          setSaid('')
          setOpen(true)
        }}
      >
        {label}
      </Button>
      <span role="status" className="wk-said">
        {said}
      </span>
      {isOpen && (
        <Confirm
          {...props}
          onDone={(done) => {
            setSaid(props.said(done))
          }}
          onClose={() => {
            setOpen(false)
          }}
        />
      )}
    </span>
  )
}

interface ConfirmProps<Done> extends Props<Done> {
  readonly onDone: (done: Done) => void
  readonly onClose: () => void
}

function Confirm<Done>({ label, question, children, act, isGrave, ...on }: ConfirmProps<Done>) {
  const dialog = useRef<HTMLDialogElement>(null)
  const heading = useId()
  const { pass } = useSession()
  const client = useQueryClient()
  const [once] = useState(pass)
  const doing = useMutation({
    mutationFn: () => act(once),
    onSuccess: async (done) => {
      // Closed by itself it gives the focus back to the button; taken away, to nobody.
      dialog.current?.close()
      on.onDone(done)
      on.onClose()
      await client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' })
    },
  })
  useEffect(() => {
    dialog.current?.showModal()
  }, [])
  return (
    <dialog ref={dialog} className="wk-confirm" aria-labelledby={heading} onClose={on.onClose}>
      <h2 id={heading}>{question}</h2>
      {children}
      {doing.error && <Trouble error={doing.error} />}
      <div className="wk-buttons">
        <Button
          variant="default"
          autoFocus
          onClick={() => {
            dialog.current?.close()
          }}
        >
          Leave it
        </Button>
        <Button
          color={isGrave === true ? 'red.9' : 'ward'}
          disabled={doing.isPending}
          onClick={() => {
            doing.mutate()
          }}
        >
          {label}
        </Button>
      </div>
    </dialog>
  )
}
