import { type ParseArgsConfig, parseArgs } from 'node:util'

/** Prints the usage, after what was wrong where that is known, and ends with 2, before the command does anything. */
export function endWithUsage(usage: string, fault?: string): never {
  console.error(fault === undefined ? usage : `${fault}\n${usage}`)
  process.exit(2)
}

/** Reads the arguments of a command. An unknown one, or one without its value, ends the command with its usage. */
export function readArguments<const T extends ParseArgsConfig>(usage: string, config: T) {
  try {
    return parseArgs(config)
  } catch (error) {
    return endWithUsage(usage, (error as Error).message)
  }
}
