import '#server-only'
import { type ChildProcess, fork, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs'
import { constants, getPriority, setPriority } from 'node:os'
import { join, resolve } from 'node:path'
import { Worker } from 'node:worker_threads'
import { log } from './log.ts'
import { Overloaded } from './overload.ts'

export interface ChildWorkerOptions {
  /** The script's path in the project folder. Plain TypeScript, which Node runs without a build. */
  readonly script: string
  /** Heap limit in MB. Resident memory is about 150 MB more: code, fonts and buffers. */
  readonly heapMb: number
  /** Milliseconds for one answer, including the start of the process. */
  readonly timeLimit: number
  /**
   * Limit of resident memory in MB; above it the process is killed. For work with memory outside the heap, such as pictures and
   * WebAssembly. Measured on Linux only.
   */
  readonly memoryMb?: number
  /**
   * Confines work on files from strangers. The process may read only the product's own files, write none and start no process.
   * If the kernel allows it (Linux, user namespaces), it has no network.
   */
  readonly confined?: true
}

/** Starts a command in an empty network namespace. A user other than root can only create one together with a user namespace. */
const WITHOUT_NETWORK = ['--user', '--map-current-user', '--net'] as const
let networkless: boolean | undefined

export function canBeNetworkless(): boolean {
  if (networkless === undefined) {
    const tried = process.platform === 'linux' && spawnSync('unshare', [...WITHOUT_NETWORK, 'true'])
    networkless = tried !== false && tried.status === 0
    if (!networkless)
      log().warn(
        'files are decoded in a process that has a network: unshare (user namespaces) is not allowed here',
      )
  }
  return networkless
}

/** Returns the options of Node's permission model: it may read the code and use threads and decoders, nothing else. */
function permissions(): string[] {
  if (!process.allowedNodeEnvironmentFlags.has('--permission')) return []
  const root = process.cwd()
  // In the embedded default, keys and stored files are beside the code. The process may read neither them nor hidden files.
  const data = resolve(/* turbopackIgnore: true */ root, process.env.DATA_DIR || '.data')
  const code = readdirSync(/* turbopackIgnore: true */ root)
    .filter((name) => !name.startsWith('.'))
    .map((name) => realpathSync(join(/* turbopackIgnore: true */ root, name)))
    .filter((path) => path !== data && !data.startsWith(`${path}/`))
  // Its own threads, to lower their priority.
  const read = [...code, join(root, 'node_modules'), '/proc/self/task']
  return [
    '--permission',
    ...read.map((path) => `--allow-fs-read=${path}`),
    '--allow-worker',
    '--allow-addons',
  ]
}

/** The process's reply: a result, or the name of an error. `worn`: it ends now, because it has used much memory. */
type Answer<Result> = ({ readonly result: Result } | { readonly fault: string }) & { readonly worn: boolean }

/** Resident memory in bytes after which a process ends, so that the next work gets a fresh one. */
const WORN_BYTES = 350 * 1024 * 1024
const MEMORY_CHECK_MS = 200
/** Steps of `nice` below the parent process, which serves requests. */
const NICE_STEPS = 10
/** Seconds until a person whose work took too long may retry. */
const RETRY_AFTER = 10

/**
 * Runs work that needs seconds of a core and hundreds of megabytes, one piece at a time, in a process of its own. Running out
 * of heap ends only that process. It gets none of the environment that could contain the product's keys.
 */
export class ChildWorker<Work, Result> {
  #child: ChildProcess
  #options: ChildWorkerOptions

  constructor(options: ChildWorkerOptions) {
    this.#options = options
    const script = join(/* turbopackIgnore: true */ process.cwd(), options.script)
    const flags = [`--max-old-space-size=${options.heapMb}`, ...(options.confined ? permissions() : [])]
    const apart = options.confined && canBeNetworkless()
    this.#child = fork(script, [], {
      env: {
        NODE_ENV: process.env.NODE_ENV,
        ...(apart && { PATH: process.env.PATH }),
        // A third less processor time to start. Under Node's permission model there is no such cache.
        ...(!options.confined && { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE }),
      },
      execArgv: apart ? [...WITHOUT_NETWORK, process.execPath, ...flags] : flags,
      ...(apart && { execPath: 'unshare' }),
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    // An error of the channel is followed by the end of the process.
    this.#child.on('error', () => {})
  }

  get isAlive(): boolean {
    return this.#child.connected && !this.#child.killed && this.#child.exitCode === null
  }

  /**
   * Sends one piece of work and returns its result.
   *
   * @throws Overloaded if it took too much time or memory, or the process ended; Error with the fault's name otherwise
   */
  async ask(work: Work): Promise<Result> {
    const child = this.#child
    const over = new AbortController()
    const { signal } = over
    const timer = setTimeout(() => over.abort(), this.#options.timeLimit)
    const { memoryMb } = this.#options
    const looking =
      memoryMb && setInterval(() => residentMb(child.pid) > memoryMb && over.abort(), MEMORY_CHECK_MS)
    child.ref()
    child.channel?.ref()
    try {
      const answered = once(child, 'message', { signal })
      const ended = once(child, 'exit', { signal }).then(([code, killed]) => {
        log().warn({ script: this.#options.script, code, signal: killed }, 'a child worker ended at its work')
        throw new Overloaded(RETRY_AFTER)
      })
      // `signal` cancels the one that comes later; its rejection means nothing.
      answered.catch(() => {})
      ended.catch(() => {})
      child.send(work as object)
      const [answer] = (await Promise.race([answered, ended])) as [Answer<Result>]
      if (answer.worn) this.end()
      if ('fault' in answer) throw new Error(`${this.#options.script} failed: ${answer.fault}`)
      return answer.result
    } catch (error) {
      if (!signal.aborted) throw error
      this.end()
      throw new Overloaded(RETRY_AFTER)
    } finally {
      clearTimeout(timer)
      clearInterval(looking)
      over.abort()
      // An idle child must not keep its parent alive.
      child.unref()
      child.channel?.unref()
    }
  }

  end(): void {
    this.#child.kill('SIGKILL')
  }
}

/** Returns a process's resident memory in MB; 0 if it has ended or the system does not provide the value. */
function residentMb(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    return Number(/VmRSS:\s*(\d+) kB/.exec(status)?.[1] ?? 0) / 1024
  } catch {
    return 0
  }
}

/** Returns an error's name and place, without its message, which may quote personal text. */
function faultOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  return [error.name, ...frames.slice(0, 5)].join('\n')
}

/** Lowers the priority of this process below that of its parent. Linux has one per thread. */
function yieldToOthers(): void {
  const priority = Math.min(getPriority() + NICE_STEPS, constants.priority.PRIORITY_LOW)
  const threads = '/proc/self/task'
  for (const thread of existsSync(threads) ? readdirSync(threads).map(Number) : [process.pid])
    setPriority(thread, priority)
}

const PARENT_CHECK_MS = 1000

/**
 * Ends this process with its parent, from a separate thread: a decoder that is stuck on a hostile file handles no events, and
 * without the parent nothing would limit its time.
 */
function endWithParent(): void {
  process.on('disconnect', () => process.exit(0))
  const watch = `setInterval(() => process.ppid === ${process.ppid} || process.kill(process.pid, 'SIGKILL'), ${PARENT_CHECK_MS})`
  new Worker(watch, { eval: true, execArgv: [], resourceLimits: { maxOldGenerationSizeMb: 16 } }).unref()
}

/** Runs in the child process: answers the work of a {@link ChildWorker}. Ends with the parent process. */
export function answerWork<Work, Result>(run: (work: Work) => Promise<Result>): void {
  yieldToOthers()
  endWithParent()
  const attempt = async (work: Work): Promise<{ result: Result } | { fault: string }> => {
    try {
      return { result: await run(work) }
    } catch (error) {
      return { fault: faultOf(error) }
    }
  }
  process.on('message', (work: Work) => {
    void attempt(work).then((answer) =>
      process.send?.({ ...answer, worn: process.memoryUsage.rss() > WORN_BYTES }),
    )
  })
}
