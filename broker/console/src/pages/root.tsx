// The root of all pages: the frame, and whatever page the address names.

import { Outlet } from '@tanstack/react-router'
import { Frame } from '../parts/shell/frame.tsx'

export function Root() {
  return (
    <Frame>
      <Outlet />
    </Frame>
  )
}
