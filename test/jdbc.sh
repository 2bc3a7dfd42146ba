#!/bin/sh
# Reads a model and reports beside it as BI tools do through JDBC: test/clients/Jdbc.java
set -eu

# shellcheck source=test/clients/report.sh
. test/clients/report.sh

jar=/usr/share/java/postgresql.jar
[ -e "$jar" ] || skip 'needs the JDBC driver of PostgreSQL, Debian has it as libpostgresql-jdbc-java (sh dev/test --clients installs it)'
version=$(javac -version 2>&1 | sed -n 's/^javac \([0-9]*\).*/\1/p')
# sockets of a file's name are in Java since 16
[ "${version:-0}" -ge 16 ] || skip 'needs a JDK of version 16 or newer, Debian has it as default-jdk-headless (sh dev/test --clients installs it)'

client_begin jdbc
mkdir "$work/.classes"
javac -d "$work/.classes" test/clients/Jdbc.java
java -XX:TieredStopAtLevel=1 -cp "$jar:$work/.classes" Jdbc "$work"
