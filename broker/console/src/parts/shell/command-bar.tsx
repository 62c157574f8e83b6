// One line to go anywhere: pages, people, workstations, and the code that a lock screen shows.

import { useEffect, useId, useMemo, useRef, useState } from 'react'
import { useNavigate } from '@tanstack/react-router'
import { useQuery } from '@tanstack/react-query'
import { peopleQuery } from '../../api/queries.ts'
import { workstationsQuery } from '../../api/settings-queries.ts'
import { findTargets } from './command-targets.ts'
import type { Target } from './command-targets.ts'
import { railFor } from './rail-entries.ts'
import { useSession } from './session.tsx'

const lettersMin = 2

export function CommandBar({ onClose }: { readonly onClose: () => void }) {
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const targets = useTargets(text)
  const dialog = useRef<HTMLDialogElement>(null)
  const listId = useId()
  const navigate = useNavigate()
  useEffect(() => {
    dialog.current?.showModal()
  }, [])
  const go = (target: Target | undefined): void => {
    if (!target) return
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
        aria-label="A page, a person, a workstation, or a tap’s code"
        aria-expanded
        aria-controls={listId}
        aria-activedescendant={`${listId}-${String(at)}`}
        placeholder="A page, a person, a workstation, or a tap’s code"
        value={text}
        onChange={({ target }) => {
          setText(target.value)
          setAt(0)
        }}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown') move(1)
          else if (event.key === 'ArrowUp') move(-1)
          else if (event.key === 'Enter') go(targets[at])
          else return
          event.preventDefault()
        }}
      />
      <ul role="listbox" id={listId} aria-label="Found">
        {targets.map((target, place) => (
          <li
            key={target.key}
            id={`${listId}-${String(place)}`}
            role="option"
            aria-selected={place === at}
            onPointerMove={() => {
              setAt(place)
            }}
            onClick={() => {
              go(target)
            }}
          >
            <span>{target.label}</span>
            <span className="wk-quiet">{target.kind}</span>
          </li>
        ))}
      </ul>
      {targets.length === 0 && <p className="wk-quiet">Nothing here has that name.</p>}
    </dialog>
  )
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
