// One making of the evidence archive: how far it is, how it came out, and fetching it. It is
// fetched when somebody says so, never by itself: fetching is a fact.

import { Button } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { fetchArchive, makingQuery } from '../../../api/evidence-queries.ts'
import type { EvidenceReady, EvidenceStanding } from '../../../api/evidence-queries.ts'
import { Facts } from '../../../parts/panel.tsx'
import { saveBlob } from '../../../parts/save-file.ts'
import { Answer } from '../../../parts/shape.tsx'
import { Trouble } from '../../../parts/trouble.tsx'

export function Making({ id }: { readonly id: string }) {
  const query = useQuery(makingQuery(id))
  const state = query.data?.state
  return (
    <div className="wk-evidence-making">
      <p role="status" className="wk-evidence-said">
        {state && saidOf[state]}
      </p>
      <Answer query={query} lines={2}>
        {(standing) => {
          if (standing.state === 'gathering') return <Gathering {...standing} />
          return standing.state === 'ready' ? <Ready id={id} ready={standing} /> : <Failed />
        }}
      </Answer>
    </div>
  )
}

const saidOf: Readonly<Record<EvidenceStanding['state'], string>> = {
  gathering: 'The archive is being made. Taps go on meanwhile.',
  ready: 'The archive is ready.',
  failed: 'The archive could not be made.',
}

function Gathering({ read, of }: Extract<EvidenceStanding, { state: 'gathering' }>) {
  return (
    <>
      {of === 0 ? (
        <progress className="wk-evidence-bar" aria-label="Making the archive" />
      ) : (
        <progress
          className="wk-evidence-bar"
          aria-label="Making the archive"
          value={read}
          max={of}
        />
      )}
      <p className="wk-quiet">
        {of === 0
          ? 'It begins once the record has signed that it was asked for.'
          : `${number(read)} of ${number(of)} entries of the record read.`}{' '}
        You may leave this page: the link stays good for a quarter of an hour, for you alone.
      </p>
    </>
  )
}

function Failed() {
  return (
    <div className="wk-trouble" role="alert">
      <p className="wk-trouble-what">There is no archive.</p>
      <p>
        Make it once more. If it fails again, ask the people who run Wardkey to look for{' '}
        <code>evidence.failed</code> in the broker’s log: no archive is made of a record that is not
        as it was signed.
      </p>
      <p className="wk-quiet">
        Code <code>evidence-not-ready</code>
      </p>
    </div>
  )
}

function Ready({ id, ready }: { readonly id: string; readonly ready: EvidenceReady }) {
  const { name, bytes, sha256, verdicts } = ready
  const saving = useMutation({
    mutationFn: () => fetchArchive(id),
    onSuccess: (archive) => {
      saveBlob(name, archive)
    },
  })
  return (
    <>
      <Facts
        of={[
          ['Met', number(verdicts.met)],
          ['Not met', <Unmet key="unmet" count={verdicts['not-met']} />],
          ['For a person', `${number(verdicts.judgement)} to be judged`],
          ['Not applicable', number(verdicts['not-applicable'])],
          ['File', `${name}, ${number(Math.ceil(bytes / 1024))} KiB`],
          ['SHA-256', <code key="hash">{sha256}</code>],
        ]}
      />
      <div className="wk-buttons wk-evidence-fetch">
        <Button
          color="ward"
          disabled={saving.isPending}
          onClick={() => {
            saving.mutate()
          }}
        >
          Download the archive
        </Button>
        <span role="status">{saving.isSuccess && 'Downloaded.'}</span>
      </div>
      {saving.error && <Trouble error={saving.error} />}
      <p className="wk-quiet">
        It is kept for a quarter of an hour, for you alone. <code>report.html</code> in it is for
        people. Whoever has the record’s key verifies it on any machine with{' '}
        <code>wardkey-broker evidence verify {name} --vkey KEY</code>.
      </p>
    </>
  )
}

function Unmet({ count }: { readonly count: number }) {
  return count === 0 ? '0' : <strong className="wk-bad">{number(count)}</strong>
}

const number = (count: number): string => count.toLocaleString('en-GB').replaceAll(',', '\u202f')
