# frozen_string_literal: true

# networks.rb PROVIDER: what Vagrant itself understands of the Vagrantfile of VAGRANT_CWD: machines and their networks.
require 'json'
require 'vagrant'

provider = ARGV.fetch(0).to_sym
environment = Vagrant::Environment.new(ui_class: Vagrant::UI::Silent)
known = environment.machine_names.to_h do |name|
  config = environment.vagrantfile.machine_config(name, provider, environment.boxes, nil, false)[:config]
  networks = config.vm.networks.reject { |type, _| type == :forwarded_port }.map { |_, options| options.except(:id) }
  arguments = config.vm.provisioners.flat_map { |provisioner| provisioner.config.args }
  [name, { networks: networks, arguments: arguments }]
end
puts JSON.generate(known)
