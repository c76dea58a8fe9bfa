import { ChildWorker } from '#platform/child-worker.ts'

// Starts endless work in a child process, and runs until it is killed.
void new ChildWorker({ script: 'tests/processes/endless.ts', heapMb: 64, timeLimit: 600_000 }).ask({})
