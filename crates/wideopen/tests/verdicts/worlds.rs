//! What is put around a resource that opens nothing alone, in the language that it is written in.
//!
//! A rule gets a group that has nothing else, a list a machine in front of which everything else is open.

/// What stands beside the resource, and what it states otherwise.
pub(crate) struct World {
    pub(crate) beside: String,
    /// The arguments that lead to what stands beside.
    pub(crate) overridden: &'static str,
}

/// The world of a kind of resource in Terraform.
pub(crate) fn of_terraform(kind: &str) -> Option<World> {
    let world = |beside: &str, overridden| Some(World { beside: beside.to_owned(), overridden });
    match kind {
        "aws_security_group_rule" | "aws_vpc_security_group_ingress_rule" => world(
            r#"resource "aws_security_group" "world" {}"#,
            "security_group_id = aws_security_group.world.id",
        ),
        "aws_network_acl" => {
            world(MACHINE, "vpc_id = aws_vpc.world.id\n  subnet_ids = [aws_subnet.world.id]")
        }
        "aws_network_acl_rule" => {
            world(&format!("{MACHINE}{LIST}"), "network_acl_id = aws_network_acl.world.id")
        }
        "azurerm_network_security_rule" => world(
            r#"resource "azurerm_network_security_group" "world" {
  name = "world"
  resource_group_name = "world"
  location = "westeurope"
}"#,
            "resource_group_name = \"world\"\n  network_security_group_name = azurerm_network_security_group.world.name",
        ),
        "azurerm_storage_account_network_rules" => world(
            r#"resource "azurerm_storage_account" "world" {
  name = "world"
  resource_group_name = "world"
  location = "westeurope"
}"#,
            "storage_account_id = azurerm_storage_account.world.id",
        ),
        "azurerm_mssql_firewall_rule" => {
            world(&server("azurerm_mssql_server"), "server_id = azurerm_mssql_server.world.id")
        }
        "azurerm_mysql_firewall_rule" => world(
            &server("azurerm_mysql_server"),
            "resource_group_name = \"world\"\n  server_name = azurerm_mysql_server.world.name",
        ),
        "azurerm_mysql_flexible_server_firewall_rule" => world(
            &server("azurerm_mysql_flexible_server"),
            "resource_group_name = \"world\"\n  server_name = azurerm_mysql_flexible_server.world.name",
        ),
        _ => None,
    }
}

fn server(kind: &str) -> String {
    format!(
        r#"resource "{kind}" "world" {{
  name = "world"
  resource_group_name = "world"
  location = "westeurope"
  public_network_access_enabled = true
}}"#
    )
}

/// A machine that everything reaches, but for a list of its subnet.
const MACHINE: &str = r#"
resource "aws_vpc" "world" {
  cidr_block = "10.9.0.0/16"
  ipv6_cidr_block = "2600:1f18:9::/56"
}
resource "aws_internet_gateway" "world" {
  vpc_id = aws_vpc.world.id
}
resource "aws_subnet" "world" {
  vpc_id = aws_vpc.world.id
  cidr_block = "10.9.0.0/24"
  ipv6_cidr_block = "2600:1f18:9::/64"
}
resource "aws_route_table" "world" {
  vpc_id = aws_vpc.world.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.world.id
  }
  route {
    ipv6_cidr_block = "::/0"
    gateway_id = aws_internet_gateway.world.id
  }
}
resource "aws_route_table_association" "world" {
  subnet_id = aws_subnet.world.id
  route_table_id = aws_route_table.world.id
}
resource "aws_security_group" "world" {
  vpc_id = aws_vpc.world.id
  ingress {
    from_port = 0
    to_port = 0
    protocol = "-1"
    cidr_blocks = ["0.0.0.0/0"]
    ipv6_cidr_blocks = ["::/0"]
  }
}
resource "aws_instance" "world" {
  subnet_id = aws_subnet.world.id
  vpc_security_group_ids = [aws_security_group.world.id]
  associate_public_ip_address = true
  ipv6_addresses = ["2600:1f18:9::5"]
}
"#;

/// A list of which nothing is known but the rule.
const LIST: &str = r#"
resource "aws_network_acl" "world" {
  vpc_id = aws_vpc.world.id
  subnet_ids = [aws_subnet.world.id]
}
"#;

/// The same machine in CloudFormation, behind the list `LIST` of the VPC `NET`.
pub(crate) const STACK: &str = r#"
  WorldGateway: {Type: AWS::EC2::InternetGateway}
  WorldAttached:
    Type: AWS::EC2::VPCGatewayAttachment
    Properties: {VpcId: !Ref NET, InternetGatewayId: !Ref WorldGateway}
  WorldBlock:
    Type: AWS::EC2::VPCCidrBlock
    Properties: {VpcId: !Ref NET, Ipv6CidrBlock: '2600:1f18:9::/56'}
  WorldSubnet:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref NET, CidrBlock: 10.0.9.0/24, Ipv6CidrBlock: '2600:1f18:9::/64'}
  WorldListed:
    Type: AWS::EC2::SubnetNetworkAclAssociation
    Properties: {SubnetId: !Ref WorldSubnet, NetworkAclId: !Ref LIST}
  WorldRoutes:
    Type: AWS::EC2::RouteTable
    Properties: {VpcId: !Ref NET}
  WorldRoute:
    Type: AWS::EC2::Route
    Properties: {RouteTableId: !Ref WorldRoutes, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref WorldGateway}
  WorldRoute6:
    Type: AWS::EC2::Route
    Properties: {RouteTableId: !Ref WorldRoutes, DestinationIpv6CidrBlock: '::/0', GatewayId: !Ref WorldGateway}
  WorldRouted:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {RouteTableId: !Ref WorldRoutes, SubnetId: !Ref WorldSubnet}
  WorldGroup:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: everybody
      VpcId: !Ref NET
      SecurityGroupIngress:
        - {IpProtocol: '-1', CidrIp: 0.0.0.0/0}
        - {IpProtocol: '-1', CidrIpv6: '::/0'}
  WorldMachine:
    Type: AWS::EC2::Instance
    Properties:
      NetworkInterfaces:
        - DeviceIndex: '0'
          AssociatePublicIpAddress: true
          SubnetId: !Ref WorldSubnet
          GroupSet: [!Ref WorldGroup]
          Ipv6Addresses: [{Ipv6Address: '2600:1f18:9::5'}]
"#;
