// Views of one page, each with its own address (`show=`).

import { useAddress } from './address.ts'

interface Props<Value extends string> {
  readonly label: string
  readonly value: Value
  readonly tabs: readonly (readonly [value: Value, label: string, count?: number | undefined])[]
}

export function Tabs<Value extends string>({ label, value, tabs }: Props<Value>) {
  const [, setAddress] = useAddress()
  return (
    <div className="wk-tabs" role="group" aria-label={label}>
      {tabs.map(([tab, text, count]) => (
        <button
          key={tab}
          type="button"
          aria-pressed={tab === value}
          onClick={() => {
            const old = { open: undefined, sort: undefined, filter: undefined }
            setAddress({ ...old, show: tab === tabs[0]?.[0] ? undefined : tab })
          }}
        >
          {text} {count !== undefined && <span className="wk-quiet">{count}</span>}
        </button>
      ))}
    </div>
  )
}
