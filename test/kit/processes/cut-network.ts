// Two network namespaces of a test's own with one cable between them, and a knife: what is sent after
// a cut is lost without a word, as on a network that is broken, never refused. One direction or both.
//
// Every address is of the loopback range, so that nothing can leave. The cut is below IP: the cut
// side goes on sending to a card that is not there (a permanent neighbour with another hardware
// address), which needs neither a firewall nor a queueing discipline of the kernel.

import { spawn, spawnSync } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'

export type Side = 'broker' | 'workstation'

const hosts = { broker: '127.81.1.1', workstation: '127.81.1.2' } as const
const cards = { broker: '02:00:00:81:01:01', workstation: '02:00:00:81:01:02' } as const
const nobody = '02:00:00:81:01:99'
const obeyWithinMs = 10_000

/** Of its own user namespace where the machine allows that: then it needs no root. */
const ways = [['-Urn'], ['-n']] as const

function wayHere(): readonly string[] | undefined {
  const probe = 'ip link add name probe0 type veth peer name probe1'
  return ways.find((way) => spawnSync('unshare', [...way, 'sh', '-c', probe]).status === 0)
}

/** Becomes the broker's side; the workstation's side is a child of it, named by its process. */
const script = `
set -e
unshare -n sleep 1200 & leaf=$!
trap 'kill $leaf' EXIT
for tries in 1 2 3 4 5 6 7 8 9 10; do
  [ "$(readlink /proc/$leaf/ns/net)" = "$(readlink /proc/self/ns/net)" ] || break
  sleep 0.2
done
there() { nsenter -t $leaf -n sh -ec "$1"; }
loopback='ip link set lo up; ip route del local 127.0.0.0/8 dev lo table local
  ip addr del 127.0.0.1/8 dev lo; ip addr add 127.0.0.1/32 dev lo
  echo 1 > /proc/sys/net/ipv4/conf/all/route_localnet'
eval "$loopback"; there "$loopback"
ip link add name near address ${cards.broker} type veth peer name far address ${cards.workstation}
ip link set far netns $leaf
ip link set near up; ip addr add ${hosts.broker}/30 dev near
there 'ip link set far up; ip addr add ${hosts.workstation}/30 dev far'
echo "pid $leaf"
while read -r line; do eval "$line"; echo obeyed; done
`

export class CutNetwork {
  readonly host = hosts.broker
  readonly #holder: ChildProcess
  readonly #isOwnUser: boolean
  readonly #leaf: number
  #heard: (line: string) => void

  private constructor(holder: ChildProcess, isOwnUser: boolean, leaf: number) {
    this.#holder = holder
    this.#isOwnUser = isOwnUser
    this.#leaf = leaf
    this.#heard = () => undefined
    let text = ''
    holder.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      const lines = text.split('\n')
      text = lines.pop() ?? ''
      for (const line of lines) this.#heard(line)
    })
  }

  static async open(): Promise<CutNetwork> {
    const way = wayHere()
    if (!way) throw new Error('there can be no network here')
    const holder = spawn('unshare', [...way, 'sh', '-c', script], { stdio: 'pipe' })
    const complaint = { text: '' }
    holder.stderr.on('data', (chunk: Buffer) => (complaint.text += chunk.toString()))
    const leaf = await new Promise<number>((resolve, reject) => {
      holder.stdout.once('data', (chunk: Buffer) => {
        resolve(Number(/pid ([0-9]+)/.exec(chunk.toString())?.[1]))
      })
      holder.once('exit', () => {
        reject(new Error(`no network came: ${complaint.text}`))
      })
    })
    const network = new CutNetwork(holder, way[0] === '-Urn', leaf)
    await network.join()
    return network
  }

  /** The words before a program's own, for it to stand on that side. */
  on(side: Side): readonly string[] {
    const pid = side === 'broker' ? this.#holder.pid : this.#leaf
    const user = this.#isOwnUser ? ['-U', '--preserve-credentials'] : []
    return ['nsenter', '-t', String(pid), ...user, '-n']
  }

  /** From now on nothing that this side sends arrives; without a side, nothing of either. */
  async cut(from?: Side): Promise<void> {
    if (from !== 'workstation') await this.#obey(neighbour('near', 'workstation', nobody))
    if (from !== 'broker') await this.#obey(`there '${neighbour('far', 'broker', nobody)}'`)
  }

  async join(): Promise<void> {
    await this.#obey(neighbour('near', 'workstation', cards.workstation))
    await this.#obey(`there '${neighbour('far', 'broker', cards.broker)}'`)
  }

  async close(): Promise<void> {
    const { exitCode, signalCode } = this.#holder
    if (exitCode !== null || signalCode !== null) return
    const gone = new Promise((resolve) => this.#holder.once('exit', resolve))
    this.#holder.stdin?.end()
    await gone
  }

  #obey(order: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        reject(new Error('the network does not obey'))
      }, obeyWithinMs)
      this.#heard = (line) => {
        if (line !== 'obeyed') return
        clearTimeout(late)
        resolve()
      }
      this.#holder.stdin?.write(`${order}\n`)
    })
  }
}

function neighbour(device: string, side: Side, card: string): string {
  return `ip neigh replace ${hosts[side]} lladdr ${card} dev ${device} nud permanent`
}
