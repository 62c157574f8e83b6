#!/bin/bash
# Prepares what the virtual machine boots: Debian's kernel, a tiny initramfs that mounts this
# machine's own root read-only, and udev. Done once; later runs find it in the cache and do nothing.
#
#   prepare-guest.sh FOLDER     leaves in FOLDER: vmlinuz, initramfs.gz, udev/ and hid-sensor-hub.ko
set -euo pipefail
folder=$1
stamp="$folder/prepared-$(sha256sum "$0" | cut -c1-16)"
[ -f "$stamp" ] && exit 0

mkdir -p "$folder"
work=$(mktemp -d "$folder/work.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"

package=$(apt-cache depends linux-image-amd64 | awk '/Depends: linux-image/ { print $2; exit }')
[ -n "$package" ] || { echo 'apt knows no kernel package' >&2; exit 3; }
apt-get download -qq "$package" udev >&2 || { echo "cannot download $package" >&2; exit 3; }

mkdir kernel udev
dpkg-deb -x udev_*.deb udev
dpkg-deb --fsys-tarfile linux-image-*.deb | tar -x -C kernel --wildcards \
  './boot/vmlinuz*' './lib/modules/*/modules.*' \
  './lib/modules/*/kernel/drivers/hid/*' './lib/modules/*/kernel/drivers/usb/*' \
  './lib/modules/*/kernel/drivers/virtio/*' './lib/modules/*/kernel/drivers/input/*' \
  './lib/modules/*/kernel/drivers/char/*' './lib/modules/*/kernel/drivers/mfd/*' \
  './lib/modules/*/kernel/fs/9p/*' \
  './lib/modules/*/kernel/net/9p/*' './lib/modules/*/kernel/fs/overlayfs/*' \
  './lib/modules/*/kernel/fs/netfs/*' './lib/modules/*/kernel/fs/fscache/*' \
  './lib/modules/*/kernel/lib/*' './lib/modules/*/kernel/crypto/*'
version=$(ls kernel/lib/modules)
/sbin/depmod -b kernel "$version"

root=$work/root
mkdir -p "$root"/{bin,proc,sys,dev,lower,rw,root,modules}
cp "$(command -v busybox)" "$root/bin/busybox"
for applet in sh mount mkdir insmod switch_root cat poweroff sed echo; do
  ln -s busybox "$root/bin/$applet"
done
for module in virtio_pci 9pnet_virtio 9p overlay uhid hid-generic usbhid xhci-pci evdev \
  hid-sensor-hub; do
  /sbin/modprobe -d "$work/kernel" -S "$version" --show-depends "$module" |
    awk '$1 == "insmod" { print $2 }'
done | awk '!seen[$0]++' | while read -r file; do
  # The driver for presence sensors comes late: the checks load it themselves.
  case "$file" in */hid-sensor-hub.ko*) cp "$file" hid-sensor-hub.ko; continue ;; esac
  cp "$file" "$root/modules/"
  basename "$file" >>"$root/modules/order"
done
cat >"$root/init" <<'INIT'
#!/bin/sh
export PATH=/bin
mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev
for module in $(cat /modules/order); do insmod /modules/$module || echo "without $module"; done
mount -t 9p -o trans=virtio,version=9p2000.L,msize=512000,cache=loose,ro host /lower || poweroff -f
mount -t tmpfs rw /rw; mkdir -p /rw/upper /rw/work
mount -t overlay -o lowerdir=/lower,upperdir=/rw/upper,workdir=/rw/work overlay /root
for place in proc sys dev; do mkdir -p /root/$place; mount --move /$place /root/$place; done
mount -t tmpfs run /root/run
exec switch_root /root /bin/bash "$(sed -n 's/.*guest=\([^ ]*\).*/\1/p' /root/proc/cmdline)"
INIT
chmod +x "$root/init"
(cd "$root" && find . | cpio -o -H newc -R 0:0 2>/dev/null | gzip -1) >initramfs.gz

rm -rf "$folder"/{vmlinuz,initramfs.gz,udev,hid-sensor-hub.ko,prepared-*}
mv initramfs.gz "$folder/initramfs.gz"
mv kernel/boot/vmlinuz-* "$folder/vmlinuz"
mv udev hid-sensor-hub.ko "$folder/"
touch "$stamp"
