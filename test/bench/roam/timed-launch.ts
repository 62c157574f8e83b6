// The product's launcher with a note of when the browser has said that something is done; it adds
// nothing else. And a launcher without any browser, for a workstation that must not need a core.

import type { LaunchPort } from '@wardkey/agent/launch/launch-port'
import type { Moments } from './moments.ts'

export function timedLaunch(launch: LaunchPort, moments: Moments): LaunchPort {
  return {
    start: (screenUrl) => launch.start(screenUrl),
    launch: async (sessionId, steps, onStage) => {
      await launch.launch(sessionId, steps, onStage)
      moments.note('shown', { sessionId })
    },
    cover: async (sessionId) => {
      await launch.cover(sessionId)
      moments.note('covered', { sessionId })
    },
    reveal: async (sessionId) => {
      await launch.reveal(sessionId)
      moments.note('shown', { sessionId })
    },
    banner: (sessionId, banner) => launch.banner(sessionId, banner),
    end: async (sessionId) => {
      await launch.end(sessionId)
      moments.note('gone', { sessionId })
    },
    openPage: (id, page, hasEmergency) => launch.openPage(id, page, hasEmergency),
    closePage: (id) => launch.closePage(id),
    onPage: (listener) => {
      launch.onPage(listener)
    },
    onLost: (listener) => {
      launch.onLost(listener)
    },
    onUsed: (listener) => {
      launch.onUsed(listener)
    },
    close: () => launch.close(),
  }
}

/** Says that all is done. Nothing of it can be seen, and nothing is to be. */
export const noLaunch: LaunchPort = {
  start: () => Promise.resolve(),
  launch: () => Promise.resolve(),
  cover: () => Promise.resolve(),
  reveal: () => Promise.resolve(),
  banner: () => Promise.resolve(),
  end: () => Promise.resolve(),
  openPage: () => Promise.resolve(),
  closePage: () => Promise.resolve(),
  onPage: () => undefined,
  onLost: () => undefined,
  onUsed: () => undefined,
  close: () => Promise.resolve(),
}
