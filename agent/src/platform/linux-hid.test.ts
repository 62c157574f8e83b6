// What is read of HID devices in a /sys that a test writes, with the shapes of a real one.

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { describeHid, listWithheld } from './linux-hid.ts'

describe('Linux tells of HID devices', () => {
  const device = '0003:0BF8:101A.0001'
  const descriptor = Buffer.from('05200911a100c0', 'hex')
  let sys = ''
  const at = (...path: string[]): string => join(sys, ...path)
  const driver = (): string => at('bus/hid/drivers/hid-sensor-hub')

  beforeEach(() => {
    sys = mkdtempSync(join(tmpdir(), 'wardkey-sys-'))
    mkdirSync(at('bus/hid/devices', device), { recursive: true })
    writeFileSync(at('bus/hid/devices', device, 'report_descriptor'), descriptor)
    writeFileSync(
      at('bus/hid/devices', device, 'uevent'),
      'DRIVER=hid-sensor-hub\nHID_ID=0003:00000BF8:0000101A\nHID_NAME=Maker Presence Sensor\n',
    )
    mkdirSync(at('class/hidraw/hidraw3'), { recursive: true })
    symlinkSync(at('bus/hid/devices', device), at('class/hidraw/hidraw3/device'))
  })
  afterEach(() => {
    rmSync(sys, { recursive: true })
  })
  function bind(): void {
    mkdirSync(driver(), { recursive: true })
    for (const file of ['bind', 'unbind', 'uevent', 'new_id'])
      writeFileSync(join(driver(), file), '')
    symlinkSync(at('bus/hid/devices', device), join(driver(), device))
    symlinkSync(sys, join(driver(), 'module'))
  }

  it('which its driver for sensors keeps, by name and numbers', async () => {
    bind()
    expect(await listWithheld(sys)).toEqual([
      {
        path: at('bus/hid/devices', device),
        vendorId: 0x0bf8,
        productId: 0x101a,
        name: 'Maker Presence Sensor',
      },
    ])
  })
  it('of none where that driver is not, or has none', async () => {
    expect(await listWithheld(sys)).toEqual([])
    mkdirSync(driver(), { recursive: true })
    expect(await listWithheld(sys)).toEqual([])
  })
  it('of one that was pulled out in that moment, without its name', async () => {
    bind()
    rmSync(at('bus/hid/devices', device), { recursive: true })
    expect(await listWithheld(sys)).toMatchObject([{ vendorId: 0x0bf8, name: '' }])
  })
  it('what its reports are made of, with a port and without', async () => {
    expect(await describeHid('/dev/hidraw3', sys)).toEqual(descriptor)
    expect(await describeHid(at('bus/hid/devices', device), sys)).toEqual(descriptor)
  })
  it.each([
    '/dev/hidraw4',
    '/dev/hidraw3/../../../secret',
    `/sys/bus/hid/devices/${device}/uevent`,
    '/sys/bus/hid/devices/0003:0BF8:101A.0002',
    '1-2:1.0',
    '',
  ])('nothing of %s', async (path) => {
    writeFileSync(at('secret'), 'x')
    expect(await describeHid(path, sys)).toBeUndefined()
  })
})
