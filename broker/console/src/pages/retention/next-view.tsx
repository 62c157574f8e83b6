// What would a purge take next? By the rule in force, or by one that only waits: looked at before
// anybody approves it. It takes nothing.

import type { RetentionShown } from '@wardkey/protocol/admin/forget/retention'
import { useAddress } from '../../parts/address.ts'
import { PreviewTable } from './preview-table.tsx'
import { ruleStateText } from './retention-words.ts'

export function NextView({ shown }: { readonly shown: RetentionShown }) {
  const [address, setAddress] = useAddress()
  const rules = shown.rules.filter(({ state }) => state === 'in-force' || state === 'proposed')
  const inForce = rules.find(({ state }) => state === 'in-force')
  const asked = rules.find(({ number }) => String(number) === address['rule'])
  const rule = asked ?? inForce ?? rules[0]
  if (!rule) {
    return (
      <div className="wk-empty">
        <p>
          Nothing goes: nobody has proposed how long facts are kept. On the broker’s host:{' '}
          <code>wardkey-broker retention propose --usual --reason …</code>
        </p>
      </div>
    )
  }
  const { number, state } = rule
  return (
    <>
      <div className="wk-bar">
        <label className="wk-field">
          <span>By which rule</span>
          <select
            value={String(number)}
            onChange={({ target }) => {
              setAddress({ rule: target.value, sort: undefined, filter: undefined })
            }}
          >
            {rules.map((one) => (
              <option key={one.number} value={String(one.number)}>
                Rule {one.number}, {ruleStateText(one)}
              </option>
            ))}
          </select>
        </label>
      </div>
      <PreviewTable key={number} rule={number} />
      <p className="wk-quiet">
        Legal holds are counted out.{' '}
        {state === 'in-force'
          ? 'The broker runs by itself, once a day, and goes on at most 92 days from the run before.'
          : 'It only waits: nothing goes by it until somebody else has approved it.'}{' '}
        What goes cannot be brought back.
      </p>
    </>
  )
}
