#!/bin/sh
LD_LIBRARY_PATH=/opt/sec:$LD_LIBRARY_PATH export LD_LIBRARY_PATH
./tserver -host "cs 1" -port 2021 \
 -app 'T Server' - transport-port 4001 –transport-address 10.0.0.1 -password x
