import { solveChallenge } from 'altcha-lib/v1'
import type { Challenge } from './challenge-rules.ts'

/** Runs in a worker: posts the number that solves the puzzle, or null. */
self.addEventListener('message', async ({ data }: MessageEvent<Omit<Challenge, 'signature'>>) => {
  const solution = await solveChallenge(data.challenge, data.salt, 'SHA-256', data.max).promise
  self.postMessage(solution?.number ?? null)
})
