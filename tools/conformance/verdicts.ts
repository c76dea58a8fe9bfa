/** The result of one check; `fault` says what is wrong, for the client's developer. */
export interface Verdict {
  readonly what: string
  readonly fault: string | null
  /** No further checks were made, because all of them depend on this one. */
  readonly ended?: true
}

export function printVerdicts(verdicts: readonly Verdict[]): boolean {
  for (const { what, fault } of verdicts)
    console.log(fault === null ? `✓ ${what}` : `✗ ${what}\n    ${fault}`)
  if (verdicts.at(-1)?.ended) {
    console.log('\nStopped there: without an answer the other checks say nothing. Mend that and start again.')
    return false
  }
  const faults = verdicts.filter(({ fault }) => fault !== null).length
  console.log(
    faults === 0
      ? `\nConforms: ${verdicts.length} checks.`
      : `\n${faults} of ${verdicts.length} checks failed.`,
  )
  return faults === 0
}
