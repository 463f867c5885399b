#!/bin/execlineb -P
s6-echo command
