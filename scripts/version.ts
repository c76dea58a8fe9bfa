import { readFileSync } from 'node:fs'

/** Returns the product's version, as package.json beside the running program has it. */
function read(): string {
  try {
    return String(JSON.parse(readFileSync('package.json', 'utf8')).version)
  } catch {
    return 'unknown'
  }
}

export const version = read()
