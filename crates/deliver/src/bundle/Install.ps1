#requires -Version 3.0
<#
.SYNOPSIS
Installs the certificate of this directory on this host. Made by gsec.
.DESCRIPTION
Puts the root into Trusted Root Certification Authorities, intermediates into Intermediate Certification Authorities, and the
certificate with its key into Personal. Prints the thumbprint, and writes it to thumbprint.txt. Already there: nothing changes.
Exit status: 0 done or unchanged, 3 it could not be done.
.PARAMETER Scope
Machine for servers, User for GUI applications; by default as the certificate's uses have it.
.PARAMETER Account
Accounts that may read the private key, such as 'NETWORK SERVICE' or 'NT SERVICE\MSSQLSERVER'.
.PARAMETER Bind
The service that uses the certificate from now on: iis, http, rdp, winrm, sql, ntds.
.PARAMETER Password
The password of host.pfx as a secure string; without it, the empty one: -Password (Read-Host -AsSecureString).
#>
[CmdletBinding(SupportsShouldProcess = $true)]
param(
    [ValidateSet('', 'Machine', 'User')] [string] $Scope = '',
    [string[]] $Account = @(),
    [switch] $Exportable,
    [switch] $CurrentUserRoot,
    [ValidateSet('', 'iis', 'http', 'rdp', 'winrm', 'sql', 'ntds')] [string] $Bind = '',
    [System.Security.SecureString] $Password = $null,
    [switch] $RemoveOld,
    [switch] $Uninstall,
    [switch] $Quiet
)

Set-StrictMode -Version 2
$ErrorActionPreference = 'Stop'
$Here = Split-Path -Parent $MyInvocation.MyCommand.Path
$PreviousFile = Join-Path $Here 'previous.json'

function Say([string] $Text) {
    if (-not $Quiet) { Write-Host $Text }
}

function Get-Sha256([string] $Path) {
    $Algorithm = [System.Security.Cryptography.SHA256]::Create()
    $Stream = [System.IO.File]::OpenRead($Path)
    try {
        $Bytes = $Algorithm.ComputeHash($Stream)
    } finally {
        $Stream.Dispose()
        $Algorithm.Dispose()
    }
    return ([System.BitConverter]::ToString($Bytes) -replace '-', '').ToLowerInvariant()
}

# Every file is as SHA256SUMS has it. thumbprint.txt and previous.json are this script's own.
function Test-Bundle {
    foreach ($Line in [System.IO.File]::ReadAllLines((Join-Path $Here 'SHA256SUMS'))) {
        if ($Line.Length -eq 0) { continue }
        $Sum = $Line.Substring(0, 64)
        $Name = $Line.Substring(66)
        $Path = Join-Path $Here $Name
        if (-not (Test-Path -LiteralPath $Path)) { throw ('a file of this directory is missing: ' + $Name) }
        if ((Get-Sha256 $Path) -ne $Sum) { throw ('a file of this directory is not as SHA256SUMS has it: ' + $Name) }
    }
}

# Every certificate of a PEM file.
function Read-Certificates([string] $Name) {
    $Path = Join-Path $Here $Name
    $Found = @()
    if (-not (Test-Path -LiteralPath $Path)) { return , $Found }
    $Text = [System.IO.File]::ReadAllText($Path)
    $Pattern = '-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----'
    foreach ($Match in [regex]::Matches($Text, $Pattern)) {
        $Bytes = [System.Convert]::FromBase64String(($Match.Groups[1].Value -replace '\s', ''))
        $Found += New-Object System.Security.Cryptography.X509Certificates.X509Certificate2 (, $Bytes)
    }
    return , $Found
}

function Open-Store([string] $Name, [string] $Location) {
    $Store = New-Object System.Security.Cryptography.X509Certificates.X509Store $Name, $Location
    $Store.Open([System.Security.Cryptography.X509Certificates.OpenFlags]::ReadWrite)
    return $Store
}

function Find-InStore($Store, [string] $Thumbprint) {
    foreach ($Candidate in $Store.Certificates) {
        if ($Candidate.Thumbprint -eq $Thumbprint) { return $Candidate }
    }
    return $null
}

# Adds a certificate to a store unless it is there.
function Add-ToStore($Certificate, [string] $Name, [string] $Location) {
    $Store = Open-Store $Name $Location
    try {
        if ($null -ne (Find-InStore $Store $Certificate.Thumbprint)) {
            Say ('unchanged: ' + $Location + '\' + $Name + ' has ' + $Certificate.Thumbprint)
            return $false
        }
        if ($PSCmdlet.ShouldProcess($Location + '\' + $Name, 'add ' + $Certificate.Thumbprint)) {
            $Store.Add($Certificate)
            Say ('added to ' + $Location + '\' + $Name + ': ' + $Certificate.Thumbprint)
        }
        return $true
    } finally {
        $Store.Close()
    }
}

function Remove-FromStore([string] $Thumbprint, [string] $Name, [string] $Location) {
    $Store = Open-Store $Name $Location
    try {
        $Found = Find-InStore $Store $Thumbprint
        if ($null -ne $Found -and $PSCmdlet.ShouldProcess($Location + '\' + $Name, 'remove ' + $Thumbprint)) {
            $Store.Remove($Found)
            Say ('removed from ' + $Location + '\' + $Name + ': ' + $Thumbprint)
        }
    } finally {
        $Store.Close()
    }
}

# Where the key of a certificate lies: CNG and the older providers have directories of their own.
function Get-KeyFile($Certificate) {
    $Extensions = 'System.Security.Cryptography.X509Certificates.RSACertificateExtensions' -as [type]
    if ($null -ne $Extensions) {
        $Key = $Extensions::GetRSAPrivateKey($Certificate)
        if ($null -ne $Key -and $null -ne $Key.PSObject.Properties['Key']) {
            $Name = $Key.Key.UniqueName
            foreach ($Folder in @('Microsoft\Crypto\Keys', 'Microsoft\Crypto\RSA\MachineKeys')) {
                $Path = Join-Path (Join-Path $env:ProgramData $Folder) $Name
                if (Test-Path -LiteralPath $Path) { return $Path }
            }
        }
    }
    $Ecdsa = 'System.Security.Cryptography.X509Certificates.ECDsaCertificateExtensions' -as [type]
    if ($null -ne $Ecdsa) {
        $Key = $Ecdsa::GetECDsaPrivateKey($Certificate)
        if ($null -ne $Key -and $null -ne $Key.PSObject.Properties['Key']) {
            $Path = Join-Path (Join-Path $env:ProgramData 'Microsoft\Crypto\Keys') $Key.Key.UniqueName
            if (Test-Path -LiteralPath $Path) { return $Path }
        }
    }
    $Old = $Certificate.PrivateKey
    if ($null -ne $Old -and $null -ne $Old.PSObject.Properties['CspKeyContainerInfo']) {
        $Name = $Old.CspKeyContainerInfo.UniqueKeyContainerName
        return (Join-Path (Join-Path $env:ProgramData 'Microsoft\Crypto\RSA\MachineKeys') $Name)
    }
    throw 'the private key has no file whose access list could be changed'
}

function Grant-Key($Certificate, [string[]] $Accounts) {
    if ($Accounts.Count -eq 0) { return }
    $Path = Get-KeyFile $Certificate
    foreach ($Name in $Accounts) {
        if (-not $PSCmdlet.ShouldProcess($Path, 'let ' + $Name + ' read it')) { continue }
        $List = Get-Acl -LiteralPath $Path
        $Rule = New-Object System.Security.AccessControl.FileSystemAccessRule $Name, 'Read', 'Allow'
        $List.AddAccessRule($Rule)
        Set-Acl -LiteralPath $Path -AclObject $List
        $Sid = (New-Object System.Security.Principal.NTAccount $Name).Translate([System.Security.Principal.SecurityIdentifier])
        $Seen = (Get-Acl -LiteralPath $Path).GetAccessRules($true, $true, [System.Security.Principal.SecurityIdentifier])
        $IsThere = $false
        foreach ($Entry in $Seen) {
            if ($Entry.IdentityReference.Value -eq $Sid.Value) { $IsThere = $true }
        }
        if (-not $IsThere) { throw ('the access list of the key does not have ' + $Name) }
        Say ('can read the key: ' + $Name)
    }
}

function Save-Previous($Facts) {
    if ($WhatIfPreference) { return }
    if (Test-Path -LiteralPath $PreviousFile) { return }
    [System.IO.File]::WriteAllText($PreviousFile, (ConvertTo-Json -InputObject $Facts -Depth 4))
}

# A program of Windows, with a list of arguments; what it prints is the result.
function Invoke-Tool([string] $Program, [string[]] $Arguments) {
    $Output = & $Program @Arguments 2>&1
    if ($LASTEXITCODE -ne 0) { throw ($Program + ' failed: ' + ($Output -join ' ')) }
    return $Output
}

function Set-BindingIis([string] $Thumbprint) {
    # Later versions reach the module in another process, whose objects have no methods here.
    if ($PSVersionTable.PSVersion.Major -gt 5) { throw 'for IIS call it with Windows PowerShell: powershell.exe' }
    Import-Module WebAdministration
    $Bindings = @(Get-WebBinding -Protocol https)
    if ($Bindings.Count -eq 0) {
        $null = New-WebBinding -Name 'Default Web Site' -Protocol https -Port 443
        $Bindings = @(Get-WebBinding -Protocol https)
    }
    $Old = @()
    foreach ($Binding in $Bindings) {
        $Old += @{ information = $Binding.bindingInformation; hash = $Binding.certificateHash; flags = $Binding.sslFlags }
    }
    Save-Previous @{ kind = 'iis'; bindings = $Old }
    foreach ($Binding in $Bindings) {
        if ($PSCmdlet.ShouldProcess($Binding.bindingInformation, 'use ' + $Thumbprint)) {
            $Binding.AddSslCertificate($Thumbprint, 'My')
            Say ('IIS uses it: ' + $Binding.bindingInformation)
        }
    }
}

# What netsh shows of each binding, as names and values, whatever the language: the order of the lines is fixed.
function Get-HttpBindings {
    $Found = @()
    $Current = $null
    foreach ($Line in (Invoke-Tool 'netsh' @('http', 'show', 'sslcert'))) {
        if ($Line -match '^\s+[^:]*:port\s*: (\S+)\s*$' -or $Line -match '^\s+[^:]+?\s+: (\[?[0-9a-fA-F.:]+\]?:[0-9]+)\s*$') {
            if ($null -ne $Current) { $Found += $Current }
            $Current = @{ port = $Matches[1]; hash = ''; appid = ''; store = 'My'; negotiate = 'disable' }
        } elseif ($null -ne $Current -and $Line -match ':\s*([0-9a-fA-F]{40})\s*$') {
            $Current.hash = $Matches[1]
        } elseif ($null -ne $Current -and $Line -match ':\s*(\{[0-9a-fA-F-]{36}\})\s*$') {
            $Current.appid = $Matches[1]
        } elseif ($null -ne $Current -and $Line -match 'Negotiate Client Certificate\s*:\s*Enabled') {
            $Current.negotiate = 'enable'
        }
    }
    if ($null -ne $Current) { $Found += $Current }
    return , $Found
}

function Set-HttpBinding($Binding, [string] $Thumbprint) {
    $Kind = 'hostnameport='
    if ($Binding.port -match '^(\[[0-9a-fA-F:.%]+\]|[0-9.]+):[0-9]+$') { $Kind = 'ipport=' }
    $Common = @(($Kind + $Binding.port), ('certhash=' + $Thumbprint), ('appid=' + $Binding.appid),
        'certstorename=MY', ('clientcertnegotiation=' + $Binding.negotiate))
    try {
        $null = Invoke-Tool 'netsh' (@('http', 'update', 'sslcert') + $Common)
    } catch {
        # Before Windows Server 2019 there is no update.
        $null = Invoke-Tool 'netsh' @('http', 'delete', 'sslcert', ($Kind + $Binding.port))
        $null = Invoke-Tool 'netsh' (@('http', 'add', 'sslcert') + $Common)
    }
}

function Set-BindingHttp([string] $Thumbprint) {
    $Bindings = Get-HttpBindings
    if ($Bindings.Count -eq 0) { throw 'http.sys has no binding whose certificate could be replaced' }
    Save-Previous @{ kind = 'http'; bindings = $Bindings }
    foreach ($Binding in $Bindings) {
        if ($PSCmdlet.ShouldProcess($Binding.port, 'use ' + $Thumbprint)) {
            Set-HttpBinding $Binding $Thumbprint
            Say ('http.sys uses it: ' + $Binding.port)
        }
    }
}

function Get-RdpSettings {
    return Get-CimInstance -ClassName 'Win32_TSGeneralSetting' -Namespace 'root\cimv2\TerminalServices' -Filter "TerminalName='RDP-Tcp'"
}

function Set-BindingRdp([string] $Thumbprint) {
    $Settings = Get-RdpSettings
    Save-Previous @{ kind = 'rdp'; hash = $Settings.SSLCertificateSHA1Hash }
    if ($PSCmdlet.ShouldProcess('RDP-Tcp', 'use ' + $Thumbprint)) {
        Set-CimInstance -InputObject $Settings -Property @{ SSLCertificateSHA1Hash = $Thumbprint }
        Say 'Remote Desktop uses it'
    }
}

function Set-BindingWinrm([string] $Thumbprint) {
    $Listeners = @(Get-ChildItem 'WSMan:\localhost\Listener' | Where-Object { $_.Keys -contains 'Transport=HTTPS' })
    if ($Listeners.Count -eq 0) { throw 'WinRM has no listener for HTTPS' }
    $Old = @()
    foreach ($Listener in $Listeners) {
        $Path = Join-Path $Listener.PSPath 'CertificateThumbprint'
        $Old += @{ path = $Path; hash = (Get-Item $Path).Value }
    }
    Save-Previous @{ kind = 'winrm'; listeners = $Old }
    foreach ($Entry in $Old) {
        if ($PSCmdlet.ShouldProcess($Entry.path, 'use ' + $Thumbprint)) { Set-Item -Path $Entry.path -Value $Thumbprint -Force }
    }
    Say 'WinRM uses it'
}

function Set-BindingSql([string] $Thumbprint) {
    $Root = 'HKLM:\SOFTWARE\Microsoft\Microsoft SQL Server'
    $Instances = Get-ItemProperty -Path (Join-Path $Root 'Instance Names\SQL')
    $Old = @()
    foreach ($Property in $Instances.PSObject.Properties) {
        if ('PSPath', 'PSParentPath', 'PSChildName', 'PSDrive', 'PSProvider' -contains $Property.Name) { continue }
        $Path = Join-Path $Root ($Property.Value + '\MSSQLServer\SuperSocketNetLib')
        $Before = Get-ItemProperty -Path $Path -Name 'Certificate' -ErrorAction SilentlyContinue
        $Hash = ''
        if ($null -ne $Before) { $Hash = $Before.Certificate }
        $Old += @{ path = $Path; hash = $Hash }
    }
    if ($Old.Count -eq 0) { throw 'no instance of SQL Server is here' }
    Save-Previous @{ kind = 'sql'; instances = $Old }
    foreach ($Entry in $Old) {
        if ($PSCmdlet.ShouldProcess($Entry.path, 'use ' + $Thumbprint)) {
            Set-ItemProperty -Path $Entry.path -Name 'Certificate' -Value $Thumbprint.ToLowerInvariant()
        }
    }
    Say 'SQL Server uses it after a restart of its service'
}

# The NTDS service has a store of its own, which .NET does not open: certutil does.
function Set-BindingNtds {
    Save-Previous @{ kind = 'ntds' }
    if ($PSCmdlet.ShouldProcess('NTDS\My', 'add the certificate')) {
        $null = Invoke-Tool 'certutil' @('-f', '-p', '', '-service', '-importpfx', 'NTDS\My', (Join-Path $Here 'host.pfx'), 'NoRoot')
        Say 'the domain controller uses it'
    }
}

function Restore-Previous {
    if (-not (Test-Path -LiteralPath $PreviousFile)) { return }
    $Old = ConvertFrom-Json ([System.IO.File]::ReadAllText($PreviousFile))
    switch ($Old.kind) {
        'iis' {
            Import-Module WebAdministration
            foreach ($Entry in $Old.bindings) {
                foreach ($Binding in @(Get-WebBinding -Protocol https)) {
                    if ($Binding.bindingInformation -eq $Entry.information -and $Entry.hash) { $Binding.AddSslCertificate($Entry.hash, 'My') }
                }
            }
        }
        'http' { foreach ($Entry in $Old.bindings) { Set-HttpBinding $Entry $Entry.hash } }
        'rdp' {
            Set-CimInstance -InputObject (Get-RdpSettings) -Property @{ SSLCertificateSHA1Hash = $Old.hash }
        }
        'winrm' { foreach ($Entry in $Old.listeners) { Set-Item -Path $Entry.path -Value $Entry.hash -Force } }
        'sql' { foreach ($Entry in $Old.instances) { Set-ItemProperty -Path $Entry.path -Name 'Certificate' -Value $Entry.hash } }
    }
    Say 'the service uses what it used before'
    [System.IO.File]::Delete($PreviousFile)
}

function Test-Elevated {
    $Identity = [System.Security.Principal.WindowsIdentity]::GetCurrent()
    $Principal = New-Object System.Security.Principal.WindowsPrincipal $Identity
    return $Principal.IsInRole([System.Security.Principal.WindowsBuiltInRole]::Administrator)
}

function Read-Leaf([string] $Location) {
    $Flags = [System.Security.Cryptography.X509Certificates.X509KeyStorageFlags]::PersistKeySet
    if ($Location -eq 'LocalMachine') {
        $Flags = $Flags -bor [System.Security.Cryptography.X509Certificates.X509KeyStorageFlags]::MachineKeySet
    } else {
        $Flags = $Flags -bor [System.Security.Cryptography.X509Certificates.X509KeyStorageFlags]::UserKeySet
    }
    if ($Exportable) { $Flags = $Flags -bor [System.Security.Cryptography.X509Certificates.X509KeyStorageFlags]::Exportable }
    $Secret = $Password
    if ($null -eq $Secret) { $Secret = New-Object System.Security.SecureString }
    $Leaf = New-Object System.Security.Cryptography.X509Certificates.X509Certificate2 ((Join-Path $Here 'host.pfx'), $Secret, $Flags)
    if (-not $Leaf.HasPrivateKey) { throw 'host.pfx has no private key' }
    return $Leaf
}

# A certificate of the same names that this one replaces.
function Remove-Older($Leaf, [string] $Location) {
    $Store = Open-Store 'My' $Location
    try {
        foreach ($Candidate in @($Store.Certificates)) {
            $IsOlder = $Candidate.Subject -eq $Leaf.Subject -and $Candidate.Issuer -eq $Leaf.Issuer -and
                $Candidate.Thumbprint -ne $Leaf.Thumbprint -and $Candidate.NotBefore -lt $Leaf.NotBefore
            if ($IsOlder -and $PSCmdlet.ShouldProcess($Location + '\My', 'remove ' + $Candidate.Thumbprint)) {
                $Store.Remove($Candidate)
                Say ('removed an older one: ' + $Candidate.Thumbprint)
            }
        }
    } finally {
        $Store.Close()
    }
}

function Invoke-Main {
    Test-Bundle
    $Manifest = ConvertFrom-Json ([System.IO.File]::ReadAllText((Join-Path $Here 'manifest.json')))
    $Where = $Scope
    if ($Where -eq '') { $Where = [string] $Manifest.scope }
    $Location = 'LocalMachine'
    if ($Where -eq 'User') { $Location = 'CurrentUser' }
    $RootLocation = 'LocalMachine'
    if ($CurrentUserRoot) { $RootLocation = 'CurrentUser' }
    if (($Location -eq 'LocalMachine' -or $RootLocation -eq 'LocalMachine') -and -not (Test-Elevated)) {
        throw 'run it as administrator: the stores of the machine are for administrators (for a user alone: -Scope User -CurrentUserRoot)'
    }
    $Thumbprint = ([string] $Manifest.thumbprint_sha1).ToUpperInvariant()
    if ($Thumbprint -notmatch '^[0-9A-F]{40}$') { throw 'manifest.json has no thumbprint' }
    if ($Uninstall) {
        Restore-Previous
        Remove-FromStore $Thumbprint 'My' $Location
        Say 'the certificates of the CA stay: others on this host may need them'
        return
    }
    $Anchors = Read-Certificates 'ca.crt'
    if ($Anchors.Count -eq 0) { throw 'ca.crt has no certificate' }
    foreach ($Certificate in $Anchors) {
        if ($Certificate.Subject -eq $Certificate.Issuer) {
            $null = Add-ToStore $Certificate 'Root' $RootLocation
        } else {
            $null = Add-ToStore $Certificate 'CA' $RootLocation
        }
    }
    foreach ($Certificate in (Read-Certificates 'chain.crt')) { $null = Add-ToStore $Certificate 'CA' $RootLocation }
    $Crl = Join-Path $Here 'ca.crl'
    if ((Test-Path -LiteralPath $Crl) -and $PSCmdlet.ShouldProcess('LocalMachine\CA', 'add the CRL') -and (Test-Elevated)) {
        $null = Invoke-Tool 'certutil' @('-f', '-addstore', 'CA', $Crl)
    }
    if (-not (Test-Path -LiteralPath (Join-Path $Here 'host.pfx'))) {
        Say 'this bundle has no private key: certreq -accept installs the certificate where the key was made'
        return
    }
    $Store = Open-Store 'My' $Location
    try {
        $Leaf = Find-InStore $Store $Thumbprint
    } finally {
        $Store.Close()
    }
    if ($null -ne $Leaf -and $Leaf.HasPrivateKey) {
        Say ('unchanged: ' + $Location + '\My has ' + $Thumbprint + ' with its key')
    } else {
        if ($WhatIfPreference) {
            Say ('What if: add to ' + $Location + '\My: ' + $Thumbprint)
            return
        }
        $Leaf = Read-Leaf $Location
        if ($Leaf.Thumbprint -ne $Thumbprint) { throw 'host.pfx is not the certificate of manifest.json' }
        $null = Add-ToStore $Leaf 'My' $Location
    }
    Grant-Key $Leaf $Account
    switch ($Bind) {
        'iis' { Set-BindingIis $Thumbprint }
        'http' { Set-BindingHttp $Thumbprint }
        'rdp' {
            Grant-Key $Leaf @('NETWORK SERVICE')
            Set-BindingRdp $Thumbprint
        }
        'winrm' { Set-BindingWinrm $Thumbprint }
        'sql' { Set-BindingSql $Thumbprint }
        'ntds' { Set-BindingNtds }
    }
    if ($RemoveOld) { Remove-Older $Leaf $Location }
    $Pairs = ($Thumbprint.ToLowerInvariant() -replace '(..)(?=.)', '$1 ')
    if (-not $WhatIfPreference) {
        $Lines = $Pairs + "`r`n" + $Thumbprint + "`r`n"
        [System.IO.File]::WriteAllText((Join-Path $Here 'thumbprint.txt'), $Lines, [System.Text.Encoding]::ASCII)
    }
    Write-Host $Pairs
    Write-Host $Thumbprint
    Write-Host ('FOR: transport certificate=' + $Pairs)
}

try {
    Invoke-Main
    exit 0
} catch {
    [System.Console]::Error.WriteLine('Install.ps1: ' + $_.Exception.Message)
    exit 3
}
