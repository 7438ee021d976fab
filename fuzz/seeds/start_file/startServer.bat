@echo off
set PATH=%PATH%;C:\sec
"C:\GCTI\tserver.exe" -host cs1 -port 2021 ^
 -app "T-Server" -transport-port 4001
