// Runs in every page of a signed-in person: leaves the page when her session has ended elsewhere.
// It sends nothing and reads nothing of the page.

const events = new EventSource('/session/events')
const patienceMs = 3000
let leaving = false

addEventListener('beforeunload', () => {
  leaving = true
})

events.addEventListener('ended', () => {
  events.close()
  // The chart disappears before anything is fetched: somebody else may stand here already.
  document.body.replaceChildren()
  const say = () => {
    location.replace('/notice/ended')
  }
  // A new sign-in in this very window ends the old session too: that navigation must not be cut
  // off.
  if (leaving) setTimeout(say, patienceMs)
  else say()
})

// A page brought back from history would show a chart without asking whose it is.
addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload()
})
