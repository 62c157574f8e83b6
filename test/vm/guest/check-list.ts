// What is checked inside the virtual machine, by name. The test outside expects each of them.

export const hidChecks = [
  'a reader of the kernel’s is found through node-hid',
  'a card typed its number before the agent came',
  'the reader is quiet now, and its memory untouched',
  'a card is told with all its bits',
  'the card that went is gone',
  'no key reached the keyboard meanwhile',
  'wrong parity is refused',
  'a reader pulled out with a card on it is a card gone',
  'a reader plugged in again is found, and quiet again',
] as const

export const ccidChecks = [
  'a USB reader is found through libccid and pcscd',
  'a card is read through a USB reader',
  'twelve taps, each of its own card, are told in order',
  'a random UID is refused',
  'a USB reader pulled out with a card on it is a card gone',
  'a USB reader plugged in again is found',
] as const

export const sensorChecks = [
  'a presence sensor is found by its own descriptor',
  'a presence sensor says when somebody comes and goes',
  'a presence sensor torn away in mid-report is lost, and found again',
  'a presence sensor that floods is cut',
  'a sensor that types is heard, and known to have typed',
  'a presence sensor that the kernel’s own driver takes is lost, and told of',
  'a presence sensor that the kernel’s own driver lets go of is found',
] as const

export const checks = [...hidChecks, ...sensorChecks, ...ccidChecks]
export type Check = (typeof checks)[number]
