// One workstation: its screen as it is, live, with mouse and keys; and its badge reader.

import { useEffect, useRef } from 'preact/hooks'
import type { PageMessage, StationAround } from '../demo-messages.ts'
import { HardMoments } from './hard-moments.tsx'

/** Where pictures of a station are to be drawn. */
export type Pictures = Map<number, (jpeg: Blob) => void>

interface StationProps {
  readonly index: number
  readonly place: string
  readonly hasBrowser: boolean
  readonly holder: string
  readonly around: StationAround | undefined
  readonly pictures: Pictures
  readonly say: (message: PageMessage) => void
  readonly onTap: () => void
}

export function Station(props: StationProps) {
  const { index, place, hasBrowser, holder, pictures, onTap } = props
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    let came = 0
    let drawn = 0
    pictures.set(index, (jpeg) => {
      came += 1
      const order = came
      void createImageBitmap(jpeg).then((image) => {
        const at = canvas.current
        // An older picture that took longer must not stand over a newer one.
        if (!at || order < drawn) return
        drawn = order
        at.width = image.width
        at.height = image.height
        at.getContext('2d')?.drawImage(image, 0, 0)
      })
    })
    return () => {
      pictures.delete(index)
    }
  }, [index, pictures])
  useScreenInput(canvas, props)
  return (
    <section class="station" aria-label={place}>
      <h2>{place}</h2>
      <div class="monitor">
        {hasBrowser ? (
          <canvas
            ref={canvas}
            width={1280}
            height={800}
            tabIndex={0}
            role="application"
            aria-label={`The screen of ${place}. Click it to type on it.`}
            data-testid={`screen-${String(index)}`}
          />
        ) : (
          <p class="no-browser">
            No Chromium, Chrome or Edge was found on this machine, and the workstation needs one to
            show its screen. Install one and start again: on Debian or Ubuntu,{' '}
            <code>apt-get install chromium</code>.
          </p>
        )}
      </div>
      <button type="button" class="reader" data-testid={`reader-${String(index)}`} onClick={onTap}>
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <rect x="6" y="3" width="12" height="18" rx="3" />
          <path d="M9 10a5 5 0 0 1 6 0M10.5 12.5a2.5 2.5 0 0 1 3 0" />
        </svg>
        Tap {holder}’s badge here
      </button>
      <HardMoments
        around={props.around}
        onMoment={(moment) => {
          props.say({ kind: 'moment', station: index, moment })
        }}
      />
    </section>
  )
}

const plainKeys = new Set(['Enter', 'Backspace', 'Escape', 'ArrowUp', 'ArrowDown', 'F2'])

function useScreenInput(
  canvas: { readonly current: HTMLCanvasElement | null },
  { index, say }: StationProps,
): void {
  useEffect(() => {
    const at = canvas.current
    if (!at) return
    const point = (event: MouseEvent): { x: number; y: number } => {
      const box = at.getBoundingClientRect()
      const within = (value: number): number => Math.min(1, Math.max(0, value))
      return {
        x: within((event.clientX - box.left) / box.width),
        y: within((event.clientY - box.top) / box.height),
      }
    }
    const pointer = (act: 'pressed' | 'released') => (event: PointerEvent) => {
      if (act === 'pressed') {
        // Let go of outside of the screen, the press ends all the same.
        at.setPointerCapture(event.pointerId)
        // Or the page scrolls to it, under the hand, and the press lands somewhere else.
        at.focus({ preventScroll: true })
      }
      // The screen under the pointer hears where it is before it hears of the press.
      if (act === 'pressed') say({ kind: 'pointer', station: index, act: 'moved', ...point(event) })
      say({ kind: 'pointer', station: index, act, ...point(event) })
      event.preventDefault()
    }
    const key = (act: 'down' | 'up') => (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return
      if (event.key.length !== 1 && !plainKeys.has(event.key)) return
      say({ kind: 'key', station: index, act, key: event.key, code: event.code.slice(0, 16) })
      event.preventDefault()
    }
    const wheel = (event: WheelEvent): void => {
      const deltaY = Math.max(-2000, Math.min(2000, event.deltaY))
      say({ kind: 'wheel', station: index, deltaY, ...point(event) })
      event.preventDefault()
    }
    const [pressed, released] = [pointer('pressed'), pointer('released')]
    const [down, up] = [key('down'), key('up')]
    at.addEventListener('pointerdown', pressed)
    at.addEventListener('pointerup', released)
    at.addEventListener('pointercancel', released)
    at.addEventListener('keydown', down)
    at.addEventListener('keyup', up)
    at.addEventListener('wheel', wheel, { passive: false })
    return () => {
      at.removeEventListener('pointerdown', pressed)
      at.removeEventListener('pointerup', released)
      at.removeEventListener('pointercancel', released)
      at.removeEventListener('keydown', down)
      at.removeEventListener('keyup', up)
      at.removeEventListener('wheel', wheel)
    }
  }, [index])
}
