import { once } from 'node:events'
import { type ListenOptions, Server } from 'node:net'
import { log } from '#platform/log.ts'
import { untilAskedToStop } from './process.ts'
import { ownProcess, type Supervised, supervise } from './supervisor.ts'

/** Tells a web process how many there are: `--of=4`. */
const OF = /^--of=(\d+)$/

/** Returns the number of web processes behind this one's port; null if it is the only one. */
export function processesBeside(args: readonly string[]): number | null {
  const count = args.map((arg) => OF.exec(arg)?.[1]).find((found) => found !== undefined)
  return count === undefined ? null : Number(count)
}

/**
 * Lets servers of this process share `port` with other processes (SO_REUSEPORT, Linux 3.9): the system distributes new
 * connections among them. Needed for Next, which opens its port itself and has no option for this.
 */
export function sharePort(port: number): void {
  const { listen } = Server.prototype
  const open = listen as (this: Server, ...args: unknown[]) => Server
  Server.prototype.listen = function (this: Server, ...args: unknown[]) {
    if (args[0] !== port) return open.apply(this, args)
    const options: ListenOptions = { port, host: String(args[1]), reusePort: true }
    return open.call(this, options, ...args.slice(2))
  }
}

/**
 * Runs `script` in `count` processes behind one port, and restarts any that ends. A request to stop ends all of them,
 * each like a single process. The first is ready before the others begin, so that a fault is reported once and the site
 * answers as early as with one process.
 *
 * @param address - the site's address, for the operator
 * @param grace - the time that each may take to end, in milliseconds
 * @throws when any of them cannot run at all
 */
export async function serveByProcesses(
  script: string,
  count: number,
  address: string,
  grace: number,
): Promise<never> {
  const children: Supervised[] = []
  let ready = () => {}
  const begun = new Promise<void>((resolve) => {
    ready = resolve
  })
  function begin() {
    const child = ownProcess(script, [`--of=${count}`])()
    once(child, 'message').then(ready, () => {})
    return child
  }
  function add(): Promise<never> {
    const child = supervise('web', begin)
    children.push(child)
    return child.failed
  }

  async function run(): Promise<never> {
    const first = add()
    await Promise.race([begun, first])
    if (process.send) process.send('ready')
    else log().info({ processes: count, at: address }, 'the site is served')
    const others = Array.from({ length: stopping ? 0 : count - 1 }, add)
    return Promise.race([first, ...others])
  }

  let stopping = false
  process.on('exit', () => {
    for (const child of children) child.kill()
  })
  const asked = untilAskedToStop()
  try {
    await Promise.race([asked, run()])
  } finally {
    stopping = true
    await Promise.all(children.map((child) => child.stop(grace)))
  }
  process.exit()
}
