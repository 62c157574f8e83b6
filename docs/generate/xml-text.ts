// Text as XML takes it. Pure.

/** For content and for attributes in double quotes. */
export function xmlText(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

/** In a comment two hyphens end it, whatever comes after. */
export function xmlComment(text: string): string {
  return text.replaceAll('--', '- -')
}
