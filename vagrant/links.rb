# frozen_string_literal: true

require 'json'
require 'open3'

# What a topology wires, as virtual machines need it. The topology is read by `everyleaf check --json`, so that there is
# one reader of these files.
module Everyleaf
  # One end of a link: the machine, and its port's name and MAC.
  End = Struct.new(:node, :port, :mac)
  Link = Struct.new(:name, :a, :b)

  PROGRAM = File.expand_path('../lib/bootstrap/everyleaf.mjs', __dir__)

  module_function

  # The topology of a file, with everything derived. Aborts with what the program says is wrong with it.
  def topology(file)
    json, said, status = Open3.capture3('node', PROGRAM, 'check', file, '--json')
    abort said unless status.success?
    JSON.parse(json)
  rescue Errno::ENOENT
    abort 'vagrant: node is not on PATH, and reads the topology: install Node 20.19 or newer'
  end

  # The machines that are booted: the host, the leaves, and what is behind them. VMs of the topology live on the host.
  def machines(topology)
    fabric = topology['fabric']
    behind = fabric ? [fabric['spine'], fabric['client']['node']] : []
    [topology['host']['node'], *topology['leaves'].map { |leaf| leaf['name'] }, *behind]
  end

  # The links between these machines, legs first.
  def links(topology)
    legs = topology['legs'].map do |leg|
      Link.new(leg['name'], End.new(topology['host']['node'], leg['hostPort'], leg['hostMac']),
               End.new(leg['leaf'], leg['leafPort'], leg['leafMac']))
    end
    legs + fabric_links(topology['fabric'])
  end

  # Ports of a routed fabric have no MAC in the topology: they get one each, locally administered.
  def fabric_links(fabric)
    return [] if fabric.nil?

    spine = fabric['spine']
    uplinks = fabric['uplinks'].each_with_index.map do |uplink, index|
      Link.new(uplink['leaf'], End.new(uplink['leaf'], uplink['leafPort'], format('02:00:00:04:01:%02x', index + 1)),
               End.new(spine, uplink['spinePort'], format('02:00:00:04:02:%02x', index + 1)))
    end
    client = fabric['client']
    uplinks + [Link.new(client['node'], End.new(client['node'], client['nic'], client['mac']),
                        End.new(spine, client['spinePort'], '02:00:00:04:03:01'))]
  end

  # What one machine has: own end, other end, the link, its number, and whether it is the link's first end.
  def ends_of(node, links)
    links.each_with_index.flat_map do |link, index|
      [[link.a, true], [link.b, false]].select { |own, _| own.node == node }
                                       .map { |own, first| [own, link, index, first] }
    end
  end
end
