# Reads Exchange Online for: auditor import-exchange exchange.json
#
# It changes nothing. Run it in Exchange Online PowerShell, after Connect-ExchangeOnline, as
# somebody who may read the organization: Global Reader, or the role group View-Only Organization
# Management. It writes exchange.json into the current folder; name another place with -Path.
param([string]$Path = 'exchange.json')

$started = (Get-Date).ToUniversalTime()
$answers = New-Object System.Collections.ArrayList

function Read-Answer([string]$Command, [string]$Of, [scriptblock]$Ask, [scriptblock]$Shape) {
    Write-Host $Command
    $rows = @()
    $problem = ''
    try { $rows = @(& $Ask | ForEach-Object $Shape) } catch { $problem = "$_" }
    if ($problem) { Write-Warning "$Command failed: $problem" }
    [void]$answers.Add(@{
        command = $Command; of = $Of; count = $rows.Count; error = $problem; rows = $rows
    })
}

# Everything becomes text, flag or list of texts here, so that ConvertTo-Json can neither number an
# enumeration nor cut an object.
$group = {
    [pscustomobject]@{
        Name = "$($_.Name)"
        Guid = "$($_.Guid)"
        DisplayName = "$($_.DisplayName)"
        Description = "$($_.Description)"
        RoleGroupType = "$($_.RoleGroupType)"
        LinkedPartnerOrganizationId = "$($_.LinkedPartnerOrganizationId)"
        Members = [string[]]@($_.Members)
        Roles = [string[]]@($_.Roles)
        Capabilities = [string[]]@($_.Capabilities)
        DistinguishedName = "$($_.DistinguishedName)"
        OrganizationId = "$($_.OrganizationId)"
    }
}
$member = {
    [pscustomobject]@{
        Name = "$($_.Name)"
        Guid = "$($_.Guid)"
        DisplayName = "$($_.DisplayName)"
        RecipientTypeDetails = "$($_.RecipientTypeDetails)"
        ExternalDirectoryObjectId = "$($_.ExternalDirectoryObjectId)"
    }
}
$principal = {
    [pscustomobject]@{
        DisplayName = "$($_.DisplayName)"
        AppId = "$($_.AppId)"
        ObjectId = if ($_.ObjectId) { "$($_.ObjectId)" } else { "$($_.ServiceId)" }
        Guid = "$($_.Guid)"
        Identity = "$($_.Identity)"
        Name = "$($_.Name)"
        SidAsString = "$($_.SidAsString)"
    }
}
$assignment = {
    [pscustomobject]@{
        Name = "$($_.Name)"
        Guid = "$($_.Guid)"
        Role = "$($_.Role)"
        RoleAssigneeName = "$($_.RoleAssigneeName)"
        RoleAssigneeType = "$($_.RoleAssigneeType)"
        RoleAssignmentDelegationType = "$($_.RoleAssignmentDelegationType)"
        CustomResourceScope = "$($_.CustomResourceScope)"
        CustomRecipientWriteScope = "$($_.CustomRecipientWriteScope)"
        RecipientAdministrativeUnitScope = "$($_.RecipientAdministrativeUnitScope)"
        RecipientGroupScope = "$($_.RecipientGroupScope)"
        RecipientWriteScope = "$($_.RecipientWriteScope)"
        Enabled = $_.Enabled
        OrganizationId = "$($_.OrganizationId)"
    }
}
$policy = {
    [pscustomobject]@{
        Identity = "$($_.Identity)"
        AppId = "$($_.AppId)"
        AccessRight = "$($_.AccessRight)"
        ScopeName = "$($_.ScopeName)"
        IsValid = $_.IsValid
        Description = "$($_.Description)"
    }
}
$scope = {
    [pscustomobject]@{
        Name = "$($_.Name)"
        Guid = "$($_.Guid)"
        RecipientFilter = "$($_.RecipientFilter)"
        RecipientRoot = "$($_.RecipientRoot)"
        ScopeRestrictionType = "$($_.ScopeRestrictionType)"
        Exclusive = $_.Exclusive
    }
}
$role = {
    [pscustomobject]@{
        Name = "$($_.Name)"
        Guid = "$($_.Guid)"
        RoleType = "$($_.RoleType)"
        Parent = "$($_.Parent)"
        IsRootRole = $_.IsRootRole
        IsEndUserRole = $_.IsEndUserRole
    }
}
$organization = {
    [pscustomobject]@{
        Name = "$($_.Name)"
        DisplayName = "$($_.DisplayName)"
        Guid = "$($_.Guid)"
        OrganizationId = "$($_.OrganizationId)"
        IsDehydrated = $_.IsDehydrated
        AuditDisabled = $_.AuditDisabled
        EwsEnabled = $_.EwsEnabled
        EwsApplicationAccessPolicy = "$($_.EwsApplicationAccessPolicy)"
    }
}

Read-Answer 'Get-OrganizationConfig' '' {
    Get-OrganizationConfig -ErrorAction Stop } $organization
Read-Answer 'Get-RoleGroup -ResultSize Unlimited' '' {
    Get-RoleGroup -ResultSize Unlimited -ErrorAction Stop } $group
Read-Answer 'Get-RoleGroup -ResultSize Unlimited -ShowPartnerLinked' '' {
    Get-RoleGroup -ResultSize Unlimited -ShowPartnerLinked -ErrorAction Stop } $group
$guids = @($answers | Where-Object { $_.command -like 'Get-RoleGroup *' } |
    ForEach-Object { $_.rows } | ForEach-Object { $_.Guid } | Where-Object { $_ } |
    Sort-Object -Unique)
foreach ($guid in $guids) {
    Read-Answer "Get-RoleGroupMember -Identity $guid -ResultSize Unlimited" $guid {
        Get-RoleGroupMember -Identity $guid -ResultSize Unlimited -ErrorAction Stop } $member
}
Read-Answer 'Get-ServicePrincipal' '' {
    Get-ServicePrincipal -ErrorAction Stop } $principal
Read-Answer 'Get-ManagementRoleAssignment' '' {
    Get-ManagementRoleAssignment -ErrorAction Stop } $assignment
Read-Answer 'Get-ApplicationAccessPolicy' '' {
    Get-ApplicationAccessPolicy -ErrorAction Stop } $policy
Read-Answer 'Get-ManagementScope' '' {
    Get-ManagementScope -ErrorAction Stop } $scope
Read-Answer 'Get-ManagementRole' '' {
    Get-ManagementRole -ErrorAction Stop } $role

$format = 'yyyy-MM-ddTHH:mm:ssZ'
$export = @{
    format = 'auditor-exchange-export'
    version = 1
    takenAt = $started.ToString($format, [System.Globalization.CultureInfo]::InvariantCulture)
    answers = $answers.ToArray()
}
$full = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Path)
$json = ConvertTo-Json -InputObject $export -Depth 8
[System.IO.File]::WriteAllText($full, $json, (New-Object System.Text.UTF8Encoding $false))
Write-Host "Wrote $full"
