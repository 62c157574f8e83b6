// One notice as a mail, by the mail server of the settings.

import { createTransport } from 'nodemailer'

export interface MailSettings {
  readonly host: string
  readonly port: number
  readonly tls: 'starttls' | 'tls' | 'none'
  /** Nobody where the server asks for no sign-in. */
  readonly account: { readonly user: string; readonly password: string } | undefined
  readonly from: string
  readonly to: readonly string[]
}

const waitMaxMs = 10_000

/** Throws where the server did not take it for everybody. */
export async function sendMail(
  notice: { readonly id: string; readonly subject: string; readonly text: string },
  settings: MailSettings,
): Promise<void> {
  const { account } = settings
  const transport = createTransport({
    host: settings.host,
    port: settings.port,
    secure: settings.tls === 'tls',
    requireTLS: settings.tls === 'starttls',
    ignoreTLS: settings.tls === 'none',
    connectionTimeout: waitMaxMs,
    greetingTimeout: waitMaxMs,
    socketTimeout: waitMaxMs,
    ...(account ? { auth: { user: account.user, pass: account.password } } : {}),
    // A notice is text of our own: it names no file and no address to fetch.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  try {
    const sent = await transport.sendMail({
      // The same for each time it is sent: whoever gets it twice has it once.
      messageId: `<${notice.id}@wardkey.invalid>`,
      from: settings.from,
      to: [...settings.to],
      subject: notice.subject,
      text: notice.text,
      headers: { 'auto-submitted': 'auto-generated' },
    })
    if (sent.rejected.length > 0) throw new Error('recipient-refused')
  } finally {
    transport.close()
  }
}
