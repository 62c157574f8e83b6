// The least browser that a sign-in needs: it follows redirects and keeps cookies. As in real
// browsers, cookies know no ports, so both programs on 127.0.0.1 are sent all of them.

export interface Page {
  readonly url: string
  readonly status: number
  readonly text: string
  readonly headers: Headers
}

export interface Browser {
  open(url: string): Promise<Page>
  submit(url: string, form: Readonly<Record<string, string>>, origin?: string): Promise<Page>
  readonly cookies: ReadonlyMap<string, string>
  forget(cookie: (name: string) => boolean): void
}

const mostRedirects = 12

export function createBrowser(): Browser {
  const cookies = new Map<string, string>()

  const keep = (response: Response): void => {
    for (const line of response.headers.getSetCookie()) {
      const pair = line.split(';', 1)[0] ?? ''
      const cut = pair.indexOf('=')
      const [name, value] = [pair.slice(0, cut), pair.slice(cut + 1)]
      if (value === '' || /expires=Thu, 01 Jan 1970/i.test(line)) cookies.delete(name)
      else cookies.set(name, value)
    }
  }
  const request = async (first: string, init: RequestInit): Promise<Page> => {
    let url = first
    let next = init
    for (let hop = 0; hop < mostRedirects; hop += 1) {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
      const headers = new Headers(next.headers)
      if (cookie !== '') headers.set('cookie', cookie)
      const response = await fetch(url, { ...next, headers, redirect: 'manual' })
      keep(response)
      const location = response.headers.get('location')
      if (location === null) {
        const { status } = response
        return { url, status, text: await response.text(), headers: response.headers }
      }
      await response.body?.cancel()
      url = new URL(location, url).href
      next = {}
    }
    throw new Error(`more than ${String(mostRedirects)} redirects, last to ${url}`)
  }

  return {
    cookies,
    forget(which) {
      for (const name of [...cookies.keys()]) if (which(name)) cookies.delete(name)
    },
    open: (url) => request(url, {}),
    submit: (url, form, origin = new URL(url).origin) =>
      request(url, { method: 'POST', body: new URLSearchParams(form), headers: { origin } }),
  }
}
