// Gives the viewer a file that this page has made. Nothing of it goes anywhere else.

export function saveFile(name: string, type: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  // The browser has taken it by the next turn, or it never will.
  setTimeout(() => {
    URL.revokeObjectURL(address)
  }, 0)
}
