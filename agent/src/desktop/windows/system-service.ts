// The agent as a service of Windows: it answers the service control manager, through koffi, and
// does nothing else. Run under Wine by the installers' tests; never yet on a Windows machine.

import koffi from 'koffi'

const ownProcess = 0x10
const states = { stopped: 1, startPending: 2, stopPending: 3, running: 4 } as const
const accepts = { stop: 1, shutdown: 4 } as const
const controls = { stop: 1, interrogate: 4, shutdown: 5 } as const
const hintMs = 10_000

/**
 * Resolves once the manager has taken the service's end, or at once with `not-started-by-system`
 * where it was not the manager who started us. `stop` is called once, and waited for.
 */
export function runAsSystemService(
  name: string,
  start: () => void,
  stop: () => Promise<void>,
): Promise<'ended' | 'not-started-by-system'> {
  const calls = loadCalls()
  const ended = Promise.withResolvers<'ended' | 'not-started-by-system'>()
  const status = { handle: null as unknown, state: states.startPending as number }
  const tell = (state: number): void => {
    status.state = state
    const isBusy = state === states.startPending || state === states.stopPending
    calls.set(status.handle, {
      dwServiceType: ownProcess,
      dwCurrentState: state,
      dwControlsAccepted: state === states.running ? accepts.stop | accepts.shutdown : 0,
      dwWin32ExitCode: 0,
      dwServiceSpecificExitCode: 0,
      dwCheckPoint: 0,
      dwWaitHint: isBusy ? hintMs : 0,
    })
  }
  const hear = koffi.register((control: number) => {
    if (control === controls.interrogate) tell(status.state)
    const isEnd = control === controls.stop || control === controls.shutdown
    if (!isEnd || status.state !== states.running) return 0
    tell(states.stopPending)
    void stop().finally(() => {
      tell(states.stopped)
    })
    return 0
  }, koffi.pointer(calls.handler))
  const main = koffi.register(() => {
    status.handle = calls.register(name, hear, null)
    tell(states.startPending)
    start()
    tell(states.running)
  }, koffi.pointer(calls.main))
  const table = [
    { lpServiceName: name, lpServiceProc: main },
    { lpServiceName: null, lpServiceProc: null },
  ]
  // It comes back when the service has ended, so it waits in a thread of koffi's.
  calls.dispatch.async(table, (failed: Error | null, done: number) => {
    ended.resolve(failed === null && done !== 0 ? 'ended' : 'not-started-by-system')
  })
  return ended.promise
}

function loadCalls() {
  const advapi = koffi.load('advapi32.dll')
  const status = koffi.struct('SERVICE_STATUS', {
    dwServiceType: 'uint32',
    dwCurrentState: 'uint32',
    dwControlsAccepted: 'uint32',
    dwWin32ExitCode: 'uint32',
    dwServiceSpecificExitCode: 'uint32',
    dwCheckPoint: 'uint32',
    dwWaitHint: 'uint32',
  })
  const main = koffi.proto('void __stdcall ServiceMain(uint32 argc, void *argv)')
  const handler = koffi.proto(
    'uint32 __stdcall HandlerEx(uint32 control, uint32 type, void *data, void *ctx)',
  )
  const entry = koffi.struct('SERVICE_TABLE_ENTRYW', {
    lpServiceName: 'str16',
    lpServiceProc: koffi.pointer(main),
  })
  return {
    main,
    handler,
    dispatch: advapi.func('__stdcall', 'StartServiceCtrlDispatcherW', 'int', [
      koffi.pointer(entry),
    ]),
    register: advapi.func('__stdcall', 'RegisterServiceCtrlHandlerExW', 'void *', [
      'str16',
      koffi.pointer(handler),
      'void *',
    ]),
    set: advapi.func('__stdcall', 'SetServiceStatus', 'int', ['void *', koffi.pointer(status)]),
  }
}
