// DevTools messages on a pipe: JSON texts, each ended by one NUL byte. Pure, but for what it holds
// of a message that has not ended yet.

/** A page cannot make the agent hold more than this of one message. */
export const messageBytesMax = 64 * 1024 * 1024

export class PipeFraming {
  #parts: Buffer[] = []
  #held = 0

  /** The messages that this chunk completes. Throws where one grows beyond all reason. */
  take(chunk: Buffer): readonly string[] {
    const messages: string[] = []
    let from = 0
    for (let end = chunk.indexOf(0); end >= 0; end = chunk.indexOf(0, from)) {
      this.#parts.push(chunk.subarray(from, end))
      messages.push(Buffer.concat(this.#parts).toString('utf8'))
      this.#parts = []
      this.#held = 0
      from = end + 1
    }
    if (from < chunk.length) {
      this.#parts.push(chunk.subarray(from))
      this.#held += chunk.length - from
      if (this.#held > messageBytesMax) throw new Error('a DevTools message without an end')
    }
    return messages
  }
}
