// A table as a file of comma-separated values (RFC 4180), safe to open in a spreadsheet. Pure.

/** With the byte order mark: Excel takes it for UTF-8 only so. */
export function csvOf(rows: readonly (readonly string[])[]): string {
  return `\uFEFF${rows.map((row) => row.map(field).join(',')).join('\r\n')}\r\n`
}

/**
 * A field that begins like a formula would be run by whoever opens the file (OWASP, CSV injection):
 * a quote before it makes text of it. A full-width sign counts as the sign for some of them.
 */
function field(text: string): string {
  const isFormula = /^[\s\u00a0\ufeff]*[=+\-@|%\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/u.test(text)
  const isNumber = /^-?\d+(\.\d+)?$/.test(text)
  const safe = isFormula && !isNumber ? `'${text}` : text
  return /[",\r\n;\t']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
