// What somebody sees who is not signed in, or no longer: why, and the way back to where she was.

import { Button } from '@mantine/core'
import { useTitle } from '../page-title.tsx'

interface Props {
  readonly why: 'first' | 'over' | 'idle' | 'signed-out'
}

const says: Readonly<Record<Props['why'], readonly [question: string, text: string]>> = {
  first: [
    'Who are you?',
    'Sign in with your hospital account. What you may see here comes with its groups.',
  ],
  over: [
    'Are you still there?',
    'Your session has ended, so nothing of what was on this page is kept. Sign in, and you are back at the same address.',
  ],
  idle: [
    'Are you still there?',
    'Nobody has touched this page for a while, so it was signed out. Sign in, and you are back at the same address.',
  ],
  'signed-out': ['Done for now?', 'You are signed out. Nothing of what was on this page is kept.'],
}

export function SignInPage({ why }: Props) {
  const [question, text] = says[why]
  useTitle(question)
  // The first page may be without its last stroke; the way back takes it with one only.
  const path = location.pathname === '/console' ? '/console/' : location.pathname
  const here = why === 'signed-out' ? '/console/' : path + location.search
  return (
    <main className="wk-alone">
      <p className="wk-brand">Wardkey</p>
      <h1>{question}</h1>
      <p>{text}</p>
      <Button component="a" href={`/console/sign-in?to=${encodeURIComponent(here)}`}>
        Sign in
      </Button>
    </main>
  )
}
