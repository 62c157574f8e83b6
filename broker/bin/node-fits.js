// Says in one line where the Node that runs this is too old for Wardkey's own files. Plain JavaScript,
// since such a Node reads nothing else; it does nothing more.

/** Whether to go on. Type stripping came without a flag with 22.18. */
export function nodeFits(program) {
  const { features, version, stderr } = process
  if (features.typescript) return true
  stderr.write(
    `${program}: this is Node ${version}, and Wardkey needs 22.18 or later. ` +
      `Start it by npx, which brings the right one: npx ${program}\n`,
  )
  // As sysexits.h has it: something that it needs is not there.
  process.exitCode = 69
  return false
}
