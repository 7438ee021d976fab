@echo off
rem For hosts without PowerShell 3: as administrator, in this directory. For a GUI application, put an empty file user.txt beside it first.
rem The PFX must have the empty password. certutil says what it does.
cd /d .
if not exist host.pfx goto missing
if not exist ca.crt goto missing
certutil -f -addstore Root ca.crt
if errorlevel 1 goto failed
if not exist chain.crt goto leaf
certutil -f -addstore CA chain.crt
if errorlevel 1 goto failed
:leaf
if not exist ca.crl goto pfx
certutil -f -addstore CA ca.crl
if errorlevel 1 goto failed
:pfx
if exist user.txt goto user
certutil -f -p "" -importpfx My host.pfx NoExport,NoRoot
if errorlevel 1 goto failed
goto done
:user
certutil -user -f -p "" -importpfx My host.pfx NoExport,NoRoot
if errorlevel 1 goto failed
:done
echo Installed. The thumbprint is in README.txt.
exit /b 0
:missing
echo Run this in the directory of the bundle: host.pfx or ca.crt is not here.
exit /b 3
:failed
echo certutil failed; see above.
exit /b 3
