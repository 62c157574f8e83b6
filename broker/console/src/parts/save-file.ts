// Gives the viewer a file that this page has made or was given. Nothing of it goes anywhere else.

export function saveFile(name: string, type: string, text: string): void {
  saveBlob(name, new Blob([text], { type }))
}

export function saveBlob(name: string, blob: Blob): void {
  const address = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  // The browser has taken it by the next turn, or it never will.
  setTimeout(() => {
    URL.revokeObjectURL(address)
  }, 0)
}
