// How the workstation is, in words, only when there is something to say. Quiet, but never silent.

import type { Surroundings } from '../../machine/screen-view.ts'
import type { Advice, Catalogue } from './catalogue/catalogue.ts'
import { timeOfDay } from './clock.tsx'

interface StatusProps {
  readonly catalogue: Catalogue
  readonly surroundings: Surroundings
  /** True where the scene itself already says the worst of it, large. */
  readonly isWorstSaid: boolean
}

export function Status({ catalogue, surroundings, isWorstSaid }: StatusProps) {
  const advice = troublesOf(catalogue, surroundings).slice(isWorstSaid ? 1 : 0)
  return (
    <footer class="status" aria-live="polite" data-testid="status">
      {advice.map(({ what, next }) => (
        <p class="trouble" key={what}>
          <svg class="trouble-mark" viewBox="0 0 24 24" aria-hidden="true">
            <path d="M12 3 22 20H2Z" />
            <path class="cut" d="M12 9v5m0 2.6v.4" />
          </svg>
          <span>
            <strong>{what}.</strong> {next}.
          </span>
        </p>
      ))}
      {surroundings.serviceDesk !== '' && (
        <p class="desk">{catalogue.callServiceDesk(surroundings.serviceDesk)}</p>
      )}
    </footer>
  )
}

/** Everything that keeps people from signing in here, the worst first. */
export function troublesOf(catalogue: Catalogue, surroundings: Surroundings): readonly Advice[] {
  const { link, linkDownSinceMs, reader, browser } = surroundings
  const troubles: Advice[] = []
  if (link !== 'up') {
    const advice = catalogue.link[link]
    const since =
      link === 'down' && linkDownSinceMs !== undefined
        ? { ...advice, what: catalogue.linkDownSince(timeOfDay(new Date(linkDownSinceMs))) }
        : advice
    troubles.push(since)
  }
  if (reader !== 'ready') troubles.push(catalogue.reader[reader])
  if (browser !== 'ready') troubles.push(catalogue.browser[browser])
  return troubles
}
