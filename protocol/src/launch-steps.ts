// The closed set of things a broker may ask a workstation to open. It never carries a command line:
// programs are named here and spelled out only in the workstation's own settings.

import { z } from 'zod'

const webUrl = z.url({ protocol: /^https?$/ }).max(2048)
export const formField = z.string().regex(/^[a-z_]{1,32}$/)
const origin = z.string().regex(/^https?:\/\/[^/?#\s]{1,255}$/)

/**
 * A page opened in the session's own browser context.
 *
 * `signIn` is a one-time ticket that is posted as a form field before `url` is shown: a ticket in
 * a URL would stay in histories, referrers and proxy logs. Top-level navigation outside
 * `allowedOrigins` is stopped by the workstation.
 */
export const openWeb = z.strictObject({
  kind: z.literal('open-web'),
  url: webUrl,
  signIn: z
    .strictObject({
      url: webUrl,
      field: formField,
      ticket: z.string().regex(/^[A-Za-z0-9_-]{32,128}$/),
    })
    .optional(),
  /**
   * A key that the page itself asks for, the same each time, posted to `url` as a form field: for
   * what must open where nobody can be signed in.
   */
  key: z
    .strictObject({ field: formField, value: z.string().regex(/^[A-Za-z0-9_-]{43,128}$/) })
    .optional(),
  allowedOrigins: z.array(origin).min(1).max(16),
  /** A CSS selector whose presence means that the page is ready to be used. */
  readySelector: z.string().min(1).max(200).optional(),
})

/** A program that the workstation's own settings name; unknown names are refused there. */
export const startProgram = z.strictObject({
  kind: z.literal('start-program'),
  program: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/),
  /** Values for the placeholders that the workstation's settings declare, and for no others. */
  values: z.record(z.string().regex(/^[a-z_]{1,32}$/), z.string().max(200)).optional(),
})

export const launchStep = z.discriminatedUnion('kind', [openWeb, startProgram])
export const launchSteps = z.array(launchStep).max(8)

export type OpenWeb = z.infer<typeof openWeb>
export type StartProgram = z.infer<typeof startProgram>
export type LaunchStep = z.infer<typeof launchStep>

/** Where the time went between tap and chart, in the order in which it is spent. */
export const launchStages = [
  'context-created',
  'sign-in-sent',
  'navigated',
  'dom-ready',
  'first-paint',
] as const
export type LaunchStage = (typeof launchStages)[number]
