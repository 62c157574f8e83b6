// Where workstations post the key of the downtime view, and in which field: all that whoever sets
// up the broker has to be told of it.

export const downtimeDoor = { path: '/downtime', field: 'downtime_key' } as const
