#!/bin/bash
# The first program of the virtual machine: starts what the readers need, runs the checks on the
# real code, and switches the machine off.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp
cd "$(dirname "$0")/../../.."
echo "guest up after $(cut -d' ' -f1 /proc/uptime) s"

# pcscd hears of readers that come and go from udev only.
(exec -a systemd-udevd .cache/vm/udev/bin/udevadm --daemon --resolve-names=never) >/dev/null 2>&1
mkdir -p /run/pcscd /tmp/no-readers
pcscd -f -c /tmp/no-readers >/tmp/pcscd.log 2>&1 &

stty -F /dev/ttyS1 115200 raw -echo
timeout 240 node_modules/.bin/node test/vm/guest/check-readers.ts
echo "guest done with $? after $(cut -d' ' -f1 /proc/uptime) s"
echo o >/proc/sysrq-trigger
sleep 5
