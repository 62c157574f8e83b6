// One line to go anywhere: pages, people, badges, workstations, and the code that a lock screen
// shows.

import { useEffect, useId, useMemo, useRef, useState } from 'react'
import { useNavigate } from '@tanstack/react-router'
import { useMutation, useQuery } from '@tanstack/react-query'
import { findBadges } from '../../api/badge-search.ts'
import { peopleQuery } from '../../api/queries.ts'
import { workstationsQuery } from '../../api/settings-queries.ts'
import { Trouble } from '../trouble.tsx'
import { foundTargets, foundWords } from './badge-targets.ts'
import { findTargets } from './command-targets.ts'
import type { Target } from './target.ts'
import { railFor } from './rail-entries.ts'
import { useSession } from './session.tsx'

const lettersMin = 2
const whatFor = 'A page, a person, a workstation, a badge’s last digits, or a tap’s code'

export function CommandBar({ onClose }: { readonly onClose: () => void }) {
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const badges = useBadges()
  const known = useTargets(text)
  const targets = badges.found?.targets ?? known
  const dialog = useRef<HTMLDialogElement>(null)
  const listId = useId()
  const navigate = useNavigate()
  useEffect(() => {
    dialog.current?.showModal()
  }, [])
  const go = (target: Target | undefined): void => {
    if (!target) return
    if (target.ends !== undefined) {
      setAt(0)
      badges.look(target.ends)
      return
    }
    onClose()
    void navigate({ to: target.to, search: target.search as never })
  }
  const move = (by: number): void => {
    setAt((old) => (targets.length === 0 ? 0 : (old + by + targets.length) % targets.length))
  }
  return (
    <dialog ref={dialog} className="wk-command" aria-label="Find" onClose={onClose}>
      <input
        autoFocus
        role="combobox"
        aria-label={whatFor}
        aria-expanded
        aria-controls={listId}
        aria-activedescendant={`${listId}-${String(at)}`}
        placeholder={whatFor}
        value={text}
        onChange={({ target }) => {
          setText(target.value)
          setAt(0)
          badges.forget()
        }}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown') move(1)
          else if (event.key === 'ArrowUp') move(-1)
          else if (event.key === 'Enter') go(targets[at])
          else return
          event.preventDefault()
        }}
      />
      <Found id={listId} targets={targets} at={at} onPoint={setAt} onGo={go} />
      <p className="wk-quiet" role="status">
        {badges.found?.says ?? (targets.length === 0 ? 'Nothing here has that name.' : '')}
      </p>
      {badges.error && <Trouble error={badges.error} />}
    </dialog>
  )
}

interface FoundProps {
  readonly id: string
  readonly targets: readonly Target[]
  readonly at: number
  readonly onPoint: (place: number) => void
  readonly onGo: (target: Target) => void
}

function Found({ id, targets, at, onPoint, onGo }: FoundProps) {
  return (
    <ul role="listbox" id={id} aria-label="Found">
      {targets.map((target, place) => (
        <li
          key={target.key}
          id={`${id}-${String(place)}`}
          role="option"
          aria-selected={place === at}
          onPointerMove={() => {
            onPoint(place)
          }}
          onClick={() => {
            onGo(target)
          }}
        >
          <span>{target.label}</span>
          <span className="wk-quiet">{target.kind}</span>
        </li>
      ))}
    </ul>
  )
}

/** Badges that end in some digits, from when somebody asks for them until she types on. */
function useBadges() {
  const { pass } = useSession()
  const { mutate, reset, data, error, isPending } = useMutation({
    mutationFn: async (ends: string) => {
      const seen = await findBadges(ends, pass())
      return { targets: foundTargets(ends, seen), says: foundWords(ends, seen) }
    },
  })
  const look = (ends: string): void => {
    if (!isPending) mutate(ends)
  }
  return { look, forget: reset, found: data, error }
}

function useTargets(text: string): readonly Target[] {
  const { can } = useSession()
  const isAsking = text.trim().length >= lettersMin
  // Looking through people is a fact in the record: not before somebody looks for one.
  const people = useQuery({ ...peopleQuery, enabled: isAsking && can('people:read') }).data
  const workstations = useQuery({
    ...workstationsQuery,
    enabled: isAsking && can('workstations:read'),
  }).data
  return useMemo(() => {
    const { alone, record } = railFor(can)
    return findTargets(text, {
      pages: [...alone, ...record],
      people: people?.people ?? [],
      workstations: workstations?.workstations ?? [],
      can,
    })
  }, [text, can, people, workstations])
}
