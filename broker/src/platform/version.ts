// What this release calls itself.

export const version = '0.1.0'
