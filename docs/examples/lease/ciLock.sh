#!/bin/sh
# A CI server holds the lock while this job runs; what is left is to see that this job has it. Start it in the binding by
#   lease: { command: [../../docs/examples/lease/ciLock.sh] }
# GitLab:   rack: { resource_group: rack-12, variables: { EVERYLEAF_LOCKED: rack-12 }, script: [...] }
# Jenkins:  lock(resource: 'rack-12', variable: 'EVERYLEAF_LOCKED') { sh '...' }
case $EVERYLEAF_LEASE in
  take | renew)
    [ "$EVERYLEAF_LOCKED" = "$EVERYLEAF_LEASE_BINDING" ] || {
      echo "this is no job that holds the lock $EVERYLEAF_LEASE_BINDING: EVERYLEAF_LOCKED is \"$EVERYLEAF_LOCKED\""
      exit 1
    } ;;
  give) ;; # The server takes it back when the job ends.
  show) echo "ask the CI server who holds $EVERYLEAF_LEASE_BINDING" ;;
  *) exit 2 ;;
esac
