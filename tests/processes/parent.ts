import { ChildWorker } from '#platform/child-worker.ts'

// Begins endless work in a process of its own, and lives until it is killed.
void new ChildWorker({ script: 'tests/processes/endless.ts', heapMb: 64, timeLimit: 600_000 }).ask({})
