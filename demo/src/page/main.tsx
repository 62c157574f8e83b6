// Starts the demo's page.

import { render } from 'preact'
import './style.css'
import './hr/hr-desk.css'
import { Demo } from './demo.tsx'

const root = document.getElementById('demo')
if (root) render(<Demo />, root)
