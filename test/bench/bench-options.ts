// What somebody typed after a benchmark's name: the value behind an option, and how many facts. It
// refuses nothing; whatever is no number counts as not typed.

export function optionOf(args: readonly string[], name: string): string | undefined {
  const at = args.indexOf(name)
  return at < 0 ? undefined : args[at + 1]
}

/** How long a record is wanted. */
export function factsOf(
  args: readonly string[],
  sizes: { readonly usual: number; readonly short: number },
): number {
  const wanted = Number(optionOf(args, '--facts') ?? Number.NaN)
  if (Number.isSafeInteger(wanted) && wanted > 0) return wanted
  return args.includes('--short') ? sizes.short : sizes.usual
}
