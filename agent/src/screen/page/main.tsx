// Starts the lock screen's page: takes the secret out of the address, connects, draws what it is
// told.

import { render } from 'preact'
import './style.css'
import './scenes.css'
import { connect } from './connection.ts'
import { Screen } from './screen.tsx'
import { chooseCatalogue } from './catalogue/choose-catalogue.ts'

const fragment = new URLSearchParams(location.hash.slice(1))
const secret = fragment.get('secret') ?? ''
const catalogue = chooseCatalogue(fragment.get('language') ?? navigator.language)
// The secret leaves the address at once, so that neither history nor a look at the bar tells it.
history.replaceState(null, '', location.pathname)
document.documentElement.lang = catalogue.language

const root = document.getElementById('screen')
if (root) {
  connect(secret, ({ view, isConnected, act }) => {
    render(<Screen catalogue={catalogue} view={view} isConnected={isConnected} act={act} />, root)
  })
}
